import type { Random } from "../../core/random.ts";
import {
  type Background,
  BACKGROUNDS,
  type Colour,
  COLOURS,
  type Pattern,
  PATTERNS,
  type Relation,
  type Shape,
  SHAPES,
  type Size,
  SIZES,
} from "./vocabulary.ts";

/** An object of a scene. Lengths are in sides of the picture's central square. */
export interface SceneObject {
  /** What it is. */
  readonly shape: Shape;
  /** What it is painted in. */
  readonly colour: Colour;
  /** Large or small, on the picture's scale and not on its neighbours'. */
  readonly size: Size;
  /** How the colour fills it. */
  readonly pattern: Pattern;
  /** The centre, from the central square's left edge. */
  readonly x: number;
  /** The centre, from the central square's upper edge. */
  readonly y: number;
  /** Half the side of the square that the object fills, in sides of the central square. */
  readonly radius: number;
  /** How far red, green and blue deviate from the colour's own, each in [-1, 1). */
  readonly tint: readonly [number, number, number];
  /** Where in its period the pattern begins, in [0, 1). */
  readonly phase: number;
}

/**
 * A picture as it is meant: what is in it, and where. All objects lie within the central square, so
 * a centre crop loses none of them.
 */
export interface Scene {
  /** 3:2 or 2:3. */
  readonly orientation: "wider" | "higher";
  /** The ground's colour. */
  readonly background: Background;
  /** Brightness at the four corners (upper left, upper right, lower left, lower right), each in [-1, 1). */
  readonly light: readonly [number, number, number, number];
  /** One to three objects. */
  readonly objects: readonly SceneObject[];
}

/** How many objects a scene may have. */
export interface ObjectRange {
  /** The fewest. */
  readonly least: 1 | 2 | 3;
  /** The most, not below the fewest. */
  readonly most: 1 | 2 | 3;
}

/** Half an object's side, for either size: the jitter never makes a small object a large one. */
const RADIUS: Readonly<Record<Size, readonly [least: number, most: number]>> = {
  large: [0.2, 0.225],
  small: [0.115, 0.14],
};

/**
 * The chance that the objects of a scene may share a shape or a colour. In most scenes they share
 * neither, so that an exchange of attributes makes a sentence false.
 */
const CHANCE_OF_LIKENESS = 0.15;

/**
 * A place may be missed by this much, half a pixel at 48. A transformer without convolutions must
 * learn a shape anew for each place: with objects anywhere, the tiny CLIP saw colours and no shapes.
 */
const PLACE_JITTER = 0.01;

/** Half a cell's side, less a seam that keeps antialiased edges within the cell. */
const HALF_CELL = 0.24;

/**
 * A scene drawn at random. Objects stand in a coarse grid of two rows and two columns, so two of
 * them are beside each other, one above the other, or (of three) on a diagonal.
 *
 * @throws {RangeError} if `least` is above `most`.
 *
 * @example
 * ```ts
 * import { createRandom } from "@syntagma/syntagma";
 * import { drawScene } from "./scene.ts";
 *
 * const scene = drawScene(createRandom(1), { least: 2, most: 2 });
 * console.assert(scene.objects.length === 2);
 * ```
 */
export function drawScene(
  random: Random,
  objects: ObjectRange = { least: 1, most: 3 },
): Scene {
  if (objects.least > objects.most) {
    throw new RangeError(
      `drawScene: objects: expected least ≤ most, found ${objects.least} > ${objects.most}`,
    );
  }
  const count = objects.least + random.integer(objects.most - objects.least + 1);
  const alike = random.next() < CHANCE_OF_LIKENESS;
  const kinds = drawKinds(random, count, alike);
  const places = drawPlaces(random, count);
  return {
    orientation: random.coin() ? "wider" : "higher",
    background: random.pick(BACKGROUNDS),
    light: [signed(random), signed(random), signed(random), signed(random)],
    objects: kinds.map(({ shape, colour }, index) => {
      const size = random.pick(SIZES);
      const [least, most] = RADIUS[size];
      const radius = least + (most - least) * random.next();
      const [x, y] = places[index]!;
      const slack = Math.min(PLACE_JITTER, HALF_CELL - radius);
      return {
        shape,
        colour,
        size,
        pattern: random.coin() ? "solid" : random.pick(PATTERNS),
        x: x + slack * signed(random),
        y: y + slack * signed(random),
        radius,
        tint: [signed(random), signed(random), signed(random)],
        phase: random.next(),
      };
    }),
  };
}

/**
 * Whether a relation holds between two objects: clearly so that a sentence may say it (within about
 * 22° of the axis), or at all, in the widest reading (within about 63°). What lies between the two
 * is neither said nor denied.
 */
export function related(
  relation: Relation,
  subject: SceneObject,
  object: SceneObject,
  reading: "clear" | "widest",
): boolean {
  const right = subject.x - object.x;
  const down = subject.y - object.y;
  const along = { left: -right, right, above: -down, below: down }[relation];
  const across = Math.abs(relation === "left" || relation === "right" ? down : right);
  return reading === "clear"
    ? along >= 0.26 && across <= 0.4 * along
    : along > 0 && across < 2 * along;
}

function signed(random: Random): number {
  return 2 * random.next() - 1;
}

function drawKinds(
  random: Random,
  count: number,
  alike: boolean,
): { shape: Shape; colour: Colour }[] {
  if (!alike) {
    const shapes = random.sample(SHAPES, count);
    const colours = random.sample(COLOURS, count);
    return shapes.map((shape, index) => ({ shape, colour: colours[index]! }));
  }
  // Alike in one of the two at most: two red circles would have no name of their own.
  const kinds: { shape: Shape; colour: Colour }[] = [];
  while (kinds.length < count) {
    const kind = { shape: random.pick(SHAPES), colour: random.pick(COLOURS) };
    const taken = kinds.some(({ shape, colour }) => shape === kind.shape && colour === kind.colour);
    if (!taken) kinds.push(kind);
  }
  return kinds;
}

function drawPlaces(random: Random, count: number): (readonly [number, number])[] {
  const free = () => random.pick([0.25, 0.75]);
  if (count === 1) return [[free(), free()]];
  if (count === 2) {
    const across = free();
    const pair = random.coin()
      ? [[0.25, across], [0.75, across]] as const
      : [[across, 0.25], [across, 0.75]] as const;
    return random.shuffle<readonly [number, number]>(pair);
  }
  return random.sample([[0.25, 0.25], [0.75, 0.25], [0.25, 0.75], [0.75, 0.75]] as const, count);
}
