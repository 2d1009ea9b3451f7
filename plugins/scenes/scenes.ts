import { defineComponent } from "../../core/define_component.ts";
import { createRandom } from "../../core/random.ts";
import type { DataSet, DataSource, ExampleRecord } from "../../core/dataset.ts";
import type { Raster } from "../../core/images/raster.ts";
import { applyOperation } from "../../core/images/operation.ts";
import { z } from "zod";
import { exchangeColours, twinOf } from "./exchange.ts";
import { renderScene, sceneSize } from "./render.ts";
import { drawScene, type Scene } from "./scene.ts";
import { sentences, type Telling } from "./sentences.ts";

/** What can be chosen of a {@linkcode scenes} data set. */
export interface ScenesOptions {
  /** How many scenes: the world itself has no end. */
  readonly length: number;
  /** Another seed, other scenes. */
  readonly seed: number;
  /**
   * Pixels of the shorter side of a picture. Default 48: at 32, patterns are lost when CLIC sets two
   * pictures into one.
   */
  readonly size?: number;
  /** The fewest and the most objects of a scene. Default [1, 3]. */
  readonly objects?: readonly [least: number, most: number];
  /** Captions of a scene, at most 16. Default 8. */
  readonly captions?: number;
  /** How the captions tell of their scene. Default `"varied"`. */
  readonly telling?: Telling;
  /**
   * Whether each scene is followed by its twin, as odd ones after even ones: the same objects, of
   * which the first two have changed places; a single one is in the opposite corner. Default false.
   */
  readonly twins?: boolean;
}

const schema = z.strictObject({
  length: z.int().min(1).max(2 ** 32),
  seed: z.int(),
  size: z.int().min(8).max(1024).default(48),
  objects: z.tuple([
    z.union([z.literal(1), z.literal(2), z.literal(3)]),
    z.union([z.literal(1), z.literal(2), z.literal(3)]),
  ]).refine(([least, most]) => least <= most, {
    error: "expected the fewest objects first, then the most",
  }).default([1, 3]),
  captions: z.int().min(1).max(16).default(8),
  telling: z.enum(["varied", "plain", "terse", "placed"]).default("varied"),
  twins: z.boolean().default(false),
});

/** Scenes that are kept: a row of a batch asks several times for one, beside a few others at work. */
const KEPT = 256;

/** So many of a set's first records stand for all of it in its fingerprint. */
const FINGERPRINT_RECORDS = 64;

/**
 * Pictures of the embedded world with exact captions, drawn when asked for: scene `index` depends on
 * `seed` and `index` alone, and no picture is kept in memory.
 *
 * @throws {RangeError} if an option is unknown or out of range.
 *
 * @example
 * ```ts
 * import type { Context } from "@syntagma/syntagma";
 * import { scenes } from "@syntagma/syntagma/scenes";
 *
 * const data = await scenes({ length: 1000, seed: 1 }).open({} as Context);
 * console.log(data.record(7).captions[0]);
 * console.assert((await data.pixels(7)).data.length === 48 * 72 * 3);
 * ```
 */
export const scenes: (options: ScenesOptions) => DataSource = defineComponent({
  name: "scenes",
  schema,
  make: (options) => ({ open: () => Promise.resolve(openScenes(options)) }),
});

/**
 * The same scenes with the colours of their first two objects exchanged, told in the same words: to
 * each of the {@linkcode scenes} with these options a picture and captions that it is not true of.
 * Where the two share a colour, the first gets another one. The order of examples is that of
 * `scenes`, whose options should say `objects: [2, 2]` (or more) too.
 *
 * @throws {RangeError} if an option is unknown or out of range, or scenes may have one object.
 */
export const swappedScenes: (options: ScenesOptions) => DataSource = defineComponent({
  name: "swappedScenes",
  schema: schema.refine(({ objects: [least] }) => least > 1, {
    path: ["objects"],
    error: "expected at least two objects, whose colours change places",
  }),
  make: (options) => ({ open: () => Promise.resolve(openScenes(options, exchangeColours)) }),
});

function openScenes(
  options: z.output<typeof schema>,
  change: (scene: Scene) => Scene = (scene) => scene,
): DataSet {
  const { length, seed, size, captions, telling, twins } = options;
  const [least, most] = options.objects;
  const recent = new Map<number, Scene>();
  const sceneAt = (index: number): Scene => {
    const before = recent.get(index);
    if (before !== undefined) return before;
    // A Map iterates in order of insertion: the first are the oldest.
    if (recent.size === KEPT) recent.delete(recent.keys().next().value!);
    const drawn = draw(index);
    recent.set(index, drawn);
    return drawn;
  };
  const draw = (index: number): Scene => {
    if (!Number.isInteger(index) || index < 0 || index >= length) {
      throw new RangeError(`scenes: expected an index from 0 to ${length - 1}, found ${index}`);
    }
    const isTwin = twins && index % 2 === 1;
    const own = isTwin ? index - 1 : index;
    const scene = drawScene(createRandom(seed, "scene", own), { least, most });
    return change(isTwin ? twinOf(scene) : scene);
  };
  const record = (index: number): ExampleRecord => ({
    id: `scenes/${seed}/${index}`,
    captions: sentences(sceneAt(index), createRandom(seed, "sentences", index), captions, telling),
  });
  return {
    name: `scenes/${seed}`,
    length,
    faults: [],
    record,
    size: (index) => attempt(() => sceneSize(sceneAt(index), size)),
    pixels: (index, operation = { kind: "full" }) =>
      attempt((): Raster => applyOperation(renderScene(sceneAt(index), size), operation)),
    fingerprint: async () => {
      const first = Array.from(
        { length: Math.min(length, FINGERPRINT_RECORDS) },
        (_, i) => record(i),
      );
      const bytes = new TextEncoder().encode(JSON.stringify([options, first]));
      return new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)).toHex();
    },
  };
}

/** A fault becomes a rejected promise, as the interface promises, and never a throw. */
function attempt<T>(work: () => T): Promise<T> {
  return new Promise((resolve) => resolve(work()));
}
