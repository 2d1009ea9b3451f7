import type { Random } from "../../core/random.ts";
import { drawScene, type Scene } from "./scene.ts";
import { clearLinks, drawThing, hasRightLength } from "./sentences.ts";
import {
  type Attribute,
  ATTRIBUTES,
  holds,
  isFalse,
  type Statement,
  type Thing,
} from "./statement.ts";
import { COLOURS, PATTERNS, RELATIONS, SHAPES, SIZES } from "./vocabulary.ts";
import { drawWording, say } from "./wording.ts";

/** SugarCrepe's seven ways to make a caption false. */
export const FOIL_CATEGORIES = [
  "add_att",
  "add_obj",
  "replace_att",
  "replace_obj",
  "replace_rel",
  "swap_att",
  "swap_obj",
] as const;

/** One of {@linkcode FOIL_CATEGORIES}. */
export type FoilCategory = typeof FOIL_CATEGORIES[number];

/** A scene, two ways to say something true of it, and a small edit of the first that is false. */
export interface Foil {
  /** What the picture shows. */
  readonly scene: Scene;
  /** Clearly true of the scene. */
  readonly statement: Statement;
  /** Clearly false of the scene. */
  readonly negativeStatement: Statement;
  /** The statement in one wording. */
  readonly caption: string;
  /** The same statement in another wording: from the other side or in the other order. */
  readonly caption2: string;
  /**
   * The negative statement in the caption's wording. In the swap categories it has the caption's
   * words, each as often, in another order: a model blind to order cannot tell them apart.
   */
  readonly negative: string;
}

/** The values that each attribute can have. */
const VALUES: { readonly [A in Attribute]: readonly NonNullable<Thing[A]>[] } = {
  size: SIZES,
  pattern: PATTERNS,
  colour: COLOURS,
};

/**
 * A benchmark item of one category, drawn at random. The caption clearly holds of the scene and the
 * negative is clearly false of it; both are decided on statements, not on words.
 *
 * @example
 * ```ts
 * import { createRandom } from "@syntagma/syntagma";
 * import { drawFoil } from "./foils.ts";
 *
 * const { caption, negative } = drawFoil("swap_att", createRandom(1));
 * const words = (text: string) => text.split(" ").sort().join(" ");
 * console.assert(caption !== negative && words(caption) === words(negative));
 * ```
 */
export function drawFoil(category: FoilCategory, random: Random): Foil {
  while (true) {
    const scene = drawScene(random, { least: 2, most: 3 });
    const statement = drawPair(scene, random, category);
    const negativeStatement = edit(category, statement, scene, random);
    if (
      negativeStatement === undefined || !holds(statement, scene) ||
      !isFalse(negativeStatement, scene)
    ) continue;
    const wording = drawWording(random);
    const caption = say(statement, wording);
    const caption2 = say(statement, { ...drawWording(random), mirrored: !wording.mirrored });
    const negative = say(negativeStatement, wording);
    if (![caption, caption2, negative].every(hasRightLength)) continue;
    // "a large box and a large box" is the same from its end.
    if (caption2 === caption) continue;
    return { scene, statement, negativeStatement, caption, caption2, negative };
  }
}

/** A true statement about two of the objects, with a relation where the category needs one. */
function drawPair(scene: Scene, random: Random, category: FoilCategory): Statement {
  const { subject, relation, object } = random.pick(clearLinks(scene.objects));
  const things = [subject, object].map((index) => drawThing(scene.objects[index]!, random));
  const needsLink = category === "swap_obj" || category === "replace_rel";
  const links = needsLink || random.coin() ? [{ subject: 0, relation, object: 1 }] : [];
  return { things, links };
}

/** The statement made false, as far as the category's edit can be made at all. */
function edit(
  category: FoilCategory,
  statement: Statement,
  scene: Scene,
  random: Random,
): Statement | undefined {
  const { things, links } = statement;
  const at = random.integer(things.length);
  const thing = things[at]!;
  const withThing = (changed: Thing): Statement => ({
    ...statement,
    things: things.with(at, changed),
  });
  switch (category) {
    case "swap_obj":
      return { ...statement, things: things.toReversed() };
    case "swap_att": {
      const [first, second] = things as [Thing, Thing];
      const differing = ATTRIBUTES.filter((name) =>
        first[name] !== undefined && second[name] !== undefined && first[name] !== second[name]
      );
      if (differing.length === 0) return undefined;
      const name = random.pick(differing);
      return {
        ...statement,
        things: [{ ...first, [name]: second[name] }, { ...second, [name]: first[name] }],
      };
    }
    case "replace_att": {
      const name = random.pick(ATTRIBUTES.filter((name) => thing[name] !== undefined));
      return withThing({ ...thing, [name]: otherValue(name, thing, scene, random) });
    }
    case "replace_obj":
      return withThing({ ...thing, shape: absentShape(scene, random) });
    case "replace_rel": {
      const [link] = links;
      const others = RELATIONS.filter((relation) => relation !== link!.relation);
      return { ...statement, links: [{ ...link!, relation: random.pick(others) }] };
    }
    case "add_att": {
      const unsaid = ATTRIBUTES.filter((name) => thing[name] === undefined);
      if (unsaid.length === 0) return undefined;
      const name = random.pick(unsaid);
      return withThing({ ...thing, [name]: random.pick<string>(VALUES[name]) });
    }
    case "add_obj": {
      const added = { shape: absentShape(scene, random), colour: random.pick(COLOURS) };
      return { ...statement, things: [...things, added] };
    }
  }
}

/** Another value of an attribute; a colour that no object of the scene has. */
function otherValue(name: Attribute, thing: Thing, scene: Scene, random: Random): string {
  const seen: readonly string[] = name === "colour"
    ? scene.objects.map(({ colour }) => colour)
    : [thing[name]!];
  return random.pick(VALUES[name].filter((value) => !seen.includes(value)));
}

/** A shape that no object of the scene has. */
export function absentShape(scene: Scene, random: Random): Thing["shape"] {
  return random.pick(
    SHAPES.filter((shape) => scene.objects.every((object) => object.shape !== shape)),
  );
}
