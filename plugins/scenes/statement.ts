import { related, type Scene, type SceneObject } from "./scene.ts";
import type { Background, Colour, Pattern, Place, Relation, Shape, Size } from "./vocabulary.ts";

/** What a noun phrase says of one object: its shape, and any of its attributes. */
export interface Thing {
  /** The noun. */
  readonly shape: Shape;
  /** Its colour, if mentioned. */
  readonly colour?: Colour;
  /** Its size, if mentioned. */
  readonly size?: Size;
  /** Its pattern, if mentioned. */
  readonly pattern?: Pattern;
  /** In which halves of the picture it is, if mentioned: one above or below, one to a side, or both. */
  readonly places?: readonly Place[];
}

/** The attributes that a {@linkcode Thing} can mention. */
export const ATTRIBUTES = ["size", "pattern", "colour"] as const;

/** One of {@linkcode ATTRIBUTES}. */
export type Attribute = typeof ATTRIBUTES[number];

/** That one thing is somewhere, seen from another: positions in {@linkcode Statement.things}. */
export interface Link {
  /** The thing that is somewhere. */
  readonly subject: number;
  /** Where it is. */
  readonly relation: Relation;
  /** The thing it is seen from. */
  readonly object: number;
}

/**
 * What a sentence says, before it is put into words: there are these things, all different, which
 * stand in these relations, on this ground; so many objects in all, and none like some others. Truth
 * is decided here, never on strings.
 */
export interface Statement {
  /** Up to three different objects, in the order in which they are told; none beside a count alone. */
  readonly things: readonly Thing[];
  /** None, one, or two with the same subject. */
  readonly links: readonly Link[];
  /** The ground's colour, if mentioned. */
  readonly background?: Background;
  /** How many objects the scene has, if mentioned. */
  readonly count?: 1 | 2 | 3;
  /** What the scene has nothing like, if mentioned. */
  readonly absent?: Thing;
}

/**
 * Whether a statement is clearly true of a scene: its things can be matched with different objects
 * of the scene so that every attribute is as said and every relation is clear.
 *
 * @example
 * ```ts
 * import { createRandom } from "@syntagma/syntagma";
 * import { drawScene } from "./scene.ts";
 * import { holds } from "./statement.ts";
 *
 * const scene = drawScene(createRandom(1));
 * const { shape, colour } = scene.objects[0]!;
 * console.assert(holds({ things: [{ shape, colour }], links: [] }, scene));
 * ```
 */
export function holds(statement: Statement, scene: Scene): boolean {
  return matches(statement, scene, "clear");
}

/**
 * Whether a statement is clearly false of a scene: even the widest reading of its relations does not
 * make it true. A relation may be neither clear nor clearly absent (two objects on a diagonal), so
 * this is stricter than `!holds(statement, scene)`.
 */
export function isFalse(statement: Statement, scene: Scene): boolean {
  return !matches(statement, scene, "widest");
}

function matches(statement: Statement, scene: Scene, reading: "clear" | "widest"): boolean {
  const { background, count, absent } = statement;
  if (background !== undefined && background !== scene.background) return false;
  if (count !== undefined && count !== scene.objects.length) return false;
  if (absent !== undefined && scene.objects.some((object) => describes(absent, object))) {
    return false;
  }
  return assign(statement, scene.objects, [], reading);
}

/** Depth-first search for an assignment of objects to the things, three of each at most. */
function assign(
  statement: Statement,
  objects: readonly SceneObject[],
  chosen: readonly SceneObject[],
  reading: "clear" | "widest",
): boolean {
  const thing = statement.things[chosen.length];
  if (thing === undefined) {
    return statement.links.every(({ subject, relation, object }) =>
      related(relation, chosen[subject]!, chosen[object]!, reading)
    );
  }
  return objects.some((object) =>
    !chosen.includes(object) && describes(thing, object) &&
    assign(statement, objects, [...chosen, object], reading)
  );
}

function describes(thing: Thing, object: SceneObject): boolean {
  return thing.shape === object.shape &&
    (thing.colour === undefined || thing.colour === object.colour) &&
    (thing.size === undefined || thing.size === object.size) &&
    (thing.pattern === undefined || thing.pattern === object.pattern) &&
    (thing.places ?? []).every((place) => isAt(place, object));
}

/** Whether an object is in this half of its scene's central square. */
export function isAt(place: Place, { x, y }: SceneObject): boolean {
  return { top: y < 0.5, bottom: y > 0.5, left: x < 0.5, right: x > 0.5 }[place];
}
