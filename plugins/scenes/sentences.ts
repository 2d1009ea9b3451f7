import type { Random } from "../../core/random.ts";
import { related, type Scene, type SceneObject } from "./scene.ts";
import { isAt, type Link, type Statement, type Thing } from "./statement.ts";
import { labelOf, RELATIONS, type Row, type Side } from "./vocabulary.ts";
import { drawPlainWording, drawWording, say } from "./wording.ts";

/** A statement and one way to say it. */
export interface Sentence {
  /** What is said. */
  readonly statement: Statement;
  /** In lower case, without a final full stop. */
  readonly text: string;
}

/** Sentences have at least this many words. */
export const LEAST_WORDS = 4;

/** Sentences have at most this many words. */
export const MOST_WORDS = 25;

/**
 * How a scene is told:
 *
 * - `"varied"`: in sentences of every kind. The first tells of every object with its colour, and of
 *   one relation; the others leave things out, or tell them in other words, in another order or from
 *   the other side.
 * - `"plain"`: every sentence tells of every object with its colour, and of one relation, with the
 *   usual word for everything and nothing before it. A method that makes negatives by swapping words
 *   of two captions needs this: of synonyms and phrases such as "the picture shows" it makes
 *   negatives that are true, and where the swapped captions are of another kind than the positives,
 *   their kind gives them away.
 * - `"terse"`: as the web tells of its pictures: one object of several, or all in key words without
 *   order. Only one in twenty is a sentence as in `"varied"`.
 * - `"placed"`: as `"terse"`, but the first caption is most often labels of all objects without order
 *   ("topleftstar, topleftred, …"); it, else, and many of the others tell where one object is ("a red
 *   star at the top"), and some how many objects there are. A picture's embedding has to hold what is
 *   where for this; a text's words alone say it, without their order.
 */
export type Telling = "varied" | "plain" | "terse" | "placed";

/**
 * Different true sentences about a scene, in lower case and without a final full stop, of 4 to 25
 * words each.
 *
 * @param count At most 16: every scene has room for so many.
 * @throws {RangeError} if `count` is not a whole number from 1 to 16.
 *
 * @example
 * ```ts
 * import { createRandom } from "@syntagma/syntagma";
 * import { drawScene } from "./scene.ts";
 * import { sentences } from "./sentences.ts";
 *
 * const random = createRandom(1);
 * const scene = drawScene(random);
 * console.assert(sentences(scene, random, 8).length === 8);
 * ```
 */
export function sentences(
  scene: Scene,
  random: Random,
  count: number,
  telling: Telling = "varied",
): string[] {
  return drawSentences(scene, random, count, telling).map(({ text }) => text);
}

/** The same sentences as {@linkcode sentences}, with the statement that each puts into words. */
export function drawSentences(
  scene: Scene,
  random: Random,
  count: number,
  telling: Telling = "varied",
): Sentence[] {
  if (!Number.isInteger(count) || count < 1 || count > 16) {
    throw new RangeError(`sentences: count: expected a whole number from 1 to 16, found ${count}`);
  }
  const result: Sentence[] = [];
  while (result.length < count) {
    const sentence = untilRightLength(() => drawSentence(scene, random, telling, result.length));
    if (!result.some(({ text }) => text === sentence.text)) result.push(sentence);
  }
  return result;
}

function drawSentence(scene: Scene, random: Random, telling: Telling, place: number): Sentence {
  switch (telling) {
    case "varied":
      return place === 0
        ? inWords(() => mainStatement(scene, random), random)
        : inWords(() => drawStatement(scene, random), random);
    case "plain":
      return plainly(scene, random);
    case "terse":
      return tersely(scene, random);
    case "placed":
      return place === 0 ? located(scene, random) : placed(scene, random);
  }
}

function plainly(scene: Scene, random: Random): Sentence {
  const statement = withGround(mainStatement(scene, random), scene, random);
  return { statement, text: say(statement, drawPlainWording(random)) };
}

/** The shares of captions that are whole sentences, and that tell of one object. */
const [WHOLE, SINGLE] = [0.05, 0.5];

function tersely(scene: Scene, random: Random): Sentence {
  const draw = random.next();
  if (draw < WHOLE) return inWords(() => drawStatement(scene, random), random);
  const things = random.shuffle(scene.objects).map((object) => drawThing(object, random));
  const wording = drawWording(random);
  if (draw < WHOLE + SINGLE) {
    const statement = { things: things.slice(0, 1), links: [] };
    return { statement, text: say(statement, wording) };
  }
  const concepts = things.flatMap(({ shape, colour, size, pattern }) =>
    [shape, colour, size, pattern].filter((concept) => concept !== undefined)
  );
  const words = [...new Set(concepts)].map((concept) => wording.words[concept]);
  return { statement: { things, links: [] }, text: random.shuffle(words).join(", ") };
}

/** As {@linkcode drawThing}, its colour always told. */
export function drawColouredThing(
  object: SceneObject,
  random: Random,
): Thing & Required<Pick<Thing, "colour">> {
  return { ...drawThing(object, random), colour: object.colour };
}

/** The share of first captions that are labels. */
const LABELLED = 0.75;

function located(scene: Scene, random: Random): Sentence {
  if (random.next() >= LABELLED) return placeOf(random.pick(scene.objects), random);
  const things = scene.objects.map((object) => {
    const { shape, colour, size, pattern } = object;
    return { shape, colour, size, pattern, places: placesOf(object) };
  });
  const labels = things.flatMap(({ shape, colour, size, pattern, places: [row, side] }) =>
    [shape, colour, size, pattern].map((feature) => labelOf(feature, row, side))
  );
  return { statement: { things, links: [] }, text: random.shuffle(labels).join(", ") };
}

/** The shares of other captions that tell how many objects there are, and where one is. */
const [COUNTED, PLACED] = [0.1, 0.4];

function placed(scene: Scene, random: Random): Sentence {
  const draw = random.next();
  if (draw < COUNTED) {
    const statement = { things: [], links: [], count: scene.objects.length as 1 | 2 | 3 };
    return { statement, text: say(statement, drawWording(random)) };
  }
  if (draw < COUNTED + PLACED) return placeOf(random.pick(scene.objects), random);
  return tersely(scene, random);
}

/** An object's place in words: its row, its side, or both. */
function placeOf(object: SceneObject, random: Random): Sentence {
  const here = placesOf(object);
  const places = random.coin() ? here : [random.pick(here)];
  const statement = { things: [{ ...drawThing(object, random), places }], links: [] };
  return { statement, text: say(statement, drawWording(random)) };
}

/** The corner that an object is in. */
function placesOf(object: SceneObject): readonly [Row, Side] {
  return [isAt("top", object) ? "top" : "bottom", isAt("left", object) ? "left" : "right"];
}

/**
 * A true statement about every object with its colour, and one relation. Sizes and patterns are often
 * left out: were they always told, pictures could be matched by them without a look at the shapes.
 */
export function mainStatement(scene: Scene, random: Random): Statement {
  const objects = random.shuffle(scene.objects);
  return {
    things: objects.map((object) => drawColouredThing(object, random)),
    links: drawLink(objects, random),
  };
}

/** A true statement about every object: size, colour and any pattern, and one relation. */
export function fullStatement(scene: Scene, random: Random): Statement {
  const objects = random.shuffle(scene.objects);
  return {
    things: objects.map(({ shape, colour, size, pattern }) =>
      pattern === "solid" ? { shape, colour, size } : { shape, colour, size, pattern }
    ),
    links: drawLink(objects, random),
  };
}

/** A true statement that leaves some of the scene out, more often attributes than objects. */
export function drawStatement(scene: Scene, random: Random): Statement {
  const most = scene.objects.length;
  const count = 1 + Math.max(random.integer(most), random.integer(most));
  const objects = random.sample(scene.objects, count);
  const things = objects.map((object) => drawThing(object, random));
  return withGround({ things, links: drawLinks(objects, random) }, scene, random);
}

/** The statement, in one case of four with the ground's colour. */
function withGround(statement: Statement, scene: Scene, random: Random): Statement {
  return random.next() < 0.25 ? { ...statement, background: scene.background } : statement;
}

/** Every relation that is clear between two of the objects, by their positions in the list. */
export function clearLinks(objects: readonly SceneObject[]): Link[] {
  const links: Link[] = [];
  for (let subject = 0; subject < objects.length; subject++) {
    for (let object = 0; object < objects.length; object++) {
      for (const relation of RELATIONS) {
        if (related(relation, objects[subject]!, objects[object]!, "clear")) {
          links.push({ subject, relation, object });
        }
      }
    }
  }
  return links;
}

/** What a noun phrase may say of an object: at least one attribute, most often its colour. */
export function drawThing(object: SceneObject, random: Random): Thing {
  const { shape, colour, size, pattern } = object;
  const tellsSize = random.next() < 0.3;
  // That something is solid is rarely worth saying.
  const tellsPattern = random.next() < (pattern === "solid" ? 0.1 : 0.4);
  const tellsColour = random.next() < 0.85 || !(tellsSize || tellsPattern);
  return {
    shape,
    ...(tellsColour ? { colour } : {}),
    ...(tellsSize ? { size } : {}),
    ...(tellsPattern ? { pattern } : {}),
  };
}

/** One clear relation, if there is any. */
function drawLink(objects: readonly SceneObject[], random: Random): Link[] {
  const links = clearLinks(objects);
  return links.length === 0 ? [] : [random.pick(links)];
}

/** No clear relation, one, or two with the same subject. */
function drawLinks(objects: readonly SceneObject[], random: Random): Link[] {
  const links = clearLinks(objects);
  if (links.length === 0 || random.next() < 0.35) return [];
  const first = random.pick(links);
  const second = links.filter((link) =>
    link.subject === first.subject && link.object !== first.object
  );
  return second.length > 0 && random.next() < 0.4 ? [first, random.pick(second)] : [first];
}

/** Draws statement and wording until the sentence's length is right. */
export function inWords(draw: () => Statement, random: Random): Sentence {
  return untilRightLength(() => {
    const statement = draw();
    return { statement, text: say(statement, drawWording(random)) };
  });
}

function untilRightLength(draw: () => Sentence): Sentence {
  while (true) {
    const sentence = draw();
    if (hasRightLength(sentence.text)) return sentence;
  }
}

/** Whether a sentence has neither too few nor too many words. */
export function hasRightLength(sentence: string): boolean {
  let words = 1;
  for (let at = sentence.indexOf(" "); at !== -1; at = sentence.indexOf(" ", at + 1)) words++;
  return words >= LEAST_WORDS && words <= MOST_WORDS;
}
