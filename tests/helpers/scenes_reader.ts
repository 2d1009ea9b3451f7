/**
 * Reads the world's sentences back, by a grammar of its own: an independent judge of what the
 * sentences say, which knows nothing of statements and wordings.
 */
import type { Scene, SceneObject } from "../../plugins/scenes/scene.ts";

const NOUNS: Record<string, string> = {
  circle: "circle",
  disc: "circle",
  box: "box",
  block: "box",
  triangle: "triangle",
  star: "star",
  cross: "cross",
  ring: "ring",
  hoop: "ring",
  heart: "heart",
  diamond: "diamond",
  rhombus: "diamond",
};
const ADJECTIVES: Record<string, [keyof SceneObject, string]> = {
  large: ["size", "large"],
  big: ["size", "large"],
  small: ["size", "small"],
  tiny: ["size", "small"],
  solid: ["pattern", "solid"],
  plain: ["pattern", "solid"],
  striped: ["pattern", "striped"],
  stripy: ["pattern", "striped"],
  speckled: ["pattern", "speckled"],
  spotty: ["pattern", "speckled"],
};
for (const colour of ["red", "green", "blue", "yellow", "purple", "pink", "brown", "white"]) {
  ADJECTIVES[colour] = ["colour", colour];
}
const WHERE: Record<string, (a: SceneObject, b: SceneObject) => boolean> = {
  "(?:to the |on the |)left of": (a, b) => a.x < b.x - 0.25,
  "(?:to the |on the |)right of": (a, b) => a.x > b.x + 0.25,
  "(?:above|over|higher than)": (a, b) => a.y < b.y - 0.25,
  "(?:below|under|lower than)": (a, b) => a.y > b.y + 0.25,
};

type Fact = { phrases: string[]; holds: (objects: SceneObject[]) => boolean };

/**
 * Whether a sentence is true of a scene, as a person would read it.
 *
 * @throws {SyntaxError} if it is not a sentence of the world.
 */
export function isTrue(sentence: string, scene: Scene): boolean {
  const { text, background } = readBackground(sentence);
  if (background !== undefined && background !== scene.background) return false;
  const [main, ...rest] = text.split(", and there is ");
  const fact = readMain(main!);
  const phrases = [...fact.phrases, ...rest];
  return placings(scene.objects, phrases.length).some((objects) =>
    phrases.every((phrase, index) => fits(phrase, objects[index]!)) && fact.holds(objects)
  );
}

function readBackground(sentence: string): { text: string; background?: string } {
  const match = sentence.match(/ (?:on|in front of|against) a (gray|grey|black) background$/);
  if (match === null) return { text: sentence };
  return { text: sentence.slice(0, match.index), background: match[1]!.replace("grey", "gray") };
}

const PHRASE = "(a [a-z ]+?)";

function readMain(main: string): Fact {
  const relation = Object.keys(WHERE).join("|");
  const lead = "(?:there is |you can see |the picture shows |a picture of |the image contains |)";
  const second = `(?: and (${relation}) ${PHRASE})?`;
  const forward = main.match(
    new RegExp(`^${lead}${PHRASE}(?: is)? (${relation}) ${PHRASE}${second}$`),
  );
  const fronted = main.match(new RegExp(`^(${relation}) ${PHRASE}${second} there is ${PHRASE}$`));
  if (fronted !== null) {
    const [, firstWhere, first, secondWhere, other, subject] = fronted;
    return linked(subject!, [[firstWhere!, first!], [secondWhere, other]]);
  }
  if (forward !== null) {
    const [, subject, firstWhere, first, secondWhere, other] = forward;
    return linked(subject!, [[firstWhere!, first!], [secondWhere, other]]);
  }
  const list = main.replace(new RegExp(`^${lead}(?=a )`), "");
  return { phrases: list.split(/, | and | together with /), holds: () => true };
}

function linked(subject: string, links: [string | undefined, string | undefined][]): Fact {
  const present = links.filter(([where]) => where !== undefined);
  const rules = present.map(([where]) =>
    Object.entries(WHERE).find(([pattern]) => new RegExp(`^${pattern}$`).test(where!))![1]
  );
  return {
    phrases: [subject, ...present.map(([, phrase]) => phrase!)],
    holds: ([first, ...others]) => rules.every((rule, index) => rule(first!, others[index]!)),
  };
}

function fits(phrase: string, object: SceneObject): boolean {
  const words = phrase.replace(/^a /, "").split(" ");
  const shape = NOUNS[words.at(-1)!];
  if (shape === undefined) throw new SyntaxError(`not a thing of this world: "${phrase}"`);
  return object.shape === shape && words.slice(0, -1).every((word) => {
    const adjective = ADJECTIVES[word];
    if (adjective === undefined) throw new SyntaxError(`not a thing of this world: "${phrase}"`);
    return object[adjective[0]] === adjective[1];
  });
}

/** All ways to put `count` of the objects in order. */
function placings(objects: readonly SceneObject[], count: number): SceneObject[][] {
  if (count === 0) return [[]];
  return objects.flatMap((object) =>
    placings(objects.filter((other) => other !== object), count - 1).map((
      rest,
    ) => [object, ...rest])
  );
}
