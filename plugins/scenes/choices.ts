import { createRandom, type Random } from "../../core/random.ts";
import { absentShape } from "./foils.ts";
import { drawScene, type Scene } from "./scene.ts";
import { clearLinks, drawThing, hasRightLength } from "./sentences.ts";
import { holds, isAt, isFalse, type Statement } from "./statement.ts";
import { COLOURS, DENIALS, PLACES, RELATIONS } from "./vocabulary.ts";
import { drawWording, say } from "./wording.ts";

/** What is asked of a picture by several texts. */
export const CHOICE_KINDS = ["counting", "negation", "position", "relation"] as const;

/** One of {@linkcode CHOICE_KINDS}. */
export type ChoiceKind = typeof CHOICE_KINDS[number];

/** A scene and texts in one wording, of which the first alone is true. */
export interface Choice {
  /** What the picture shows. */
  readonly scene: Scene;
  /** Clearly true of the scene the first, clearly false the others. */
  readonly statements: readonly Statement[];
  /** The statements in words. */
  readonly texts: readonly string[];
}

/**
 * An item drawn at random:
 *
 * - `counting`: there is one object, or there are two or three (three texts);
 * - `negation`: this and not that, that and not this (the same words), both (three texts);
 * - `position`: an object is at the top or the bottom, on the left or the right (four texts);
 * - `relation`: an object is left or right of another, above or below it (four texts).
 */
export function drawChoice(kind: ChoiceKind, random: Random): Choice {
  while (true) {
    const scene = drawScene(random, kind === "relation" ? { least: 2, most: 3 } : undefined);
    const statements = DRAW[kind](scene, random);
    const [own, ...others] = statements as [Statement, ...Statement[]];
    if (!holds(own, scene) || !others.every((other) => isFalse(other, scene))) continue;
    const wording = { ...drawWording(random), denial: random.integer(DENIALS.length) };
    const texts = statements.map((statement) => say(statement, wording));
    if (texts.every(hasRightLength)) return { scene, statements, texts };
  }
}

/** Item `index` of one kind. */
export function choiceItem(kind: ChoiceKind, seed: number, index: number): Choice {
  return drawChoice(kind, createRandom(seed, "choices", kind, index));
}

/** The true statement and the false ones, as far as the scene has room for them. */
const DRAW: Readonly<Record<ChoiceKind, (scene: Scene, random: Random) => Statement[]>> = {
  counting: ({ objects }) =>
    firstTrue([1, 2, 3] as const, (count) => count === objects.length)
      .map((count) => ({ things: [], links: [], count })),
  negation: (scene, random) => {
    const here = drawThing(random.pick(scene.objects), random);
    const absent = { shape: absentShape(scene, random), colour: random.pick(COLOURS) };
    return [
      { things: [here], links: [], absent },
      { things: [absent], links: [], absent: here },
      { things: [here, absent], links: [] },
    ];
  },
  position: ({ objects }, random) => {
    const object = random.pick(objects);
    const thing = drawThing(object, random);
    const [top, bottom, ...sides] = PLACES;
    const cells = [top, bottom].flatMap((row) => sides.map((side) => [row, side]));
    return firstTrue(cells, (places) => places.every((place) => isAt(place, object)))
      .map((places) => ({ things: [{ ...thing, places }], links: [] }));
  },
  relation: ({ objects }, random) => {
    const link = random.pick(clearLinks(objects));
    const things = [link.subject, link.object].map((at) => drawThing(objects[at]!, random));
    return firstTrue(RELATIONS, (relation) => relation === link.relation)
      .map((relation) => ({ things, links: [{ subject: 0, relation, object: 1 }] }));
  },
};

/** The true value before the others. */
function firstTrue<T>(values: readonly T[], isTrue: (value: T) => boolean): T[] {
  return [...values.filter(isTrue), ...values.filter((value) => !isTrue(value))];
}
