import {
  checkOptions,
  createRandom,
  type Encoder,
  type Evaluation,
  type Evaluator,
  type JsonObject,
} from "../../mod.ts";
import {
  captionAccuracy,
  embedTexts,
  imageToTextAccuracy,
  textOnlyAccuracy,
} from "../../core/evaluation/mod.ts";
import { z } from "zod";
import { drawFoil, type Foil, FOIL_CATEGORIES, type FoilCategory } from "./foils.ts";
import { renderScene } from "./render.ts";

/** What can be chosen of a benchmark on scenes. */
export interface ScenesBenchmarkOptions {
  /** How many items: of each category, where there are several. */
  readonly items: number;
  /** Another seed, other items. Scenes of data sets are others, whatever their seed. */
  readonly seed: number;
  /**
   * Pixels of the shorter side of a picture. Default 48: at 32, patterns are lost when CLIC sets two
   * pictures into one.
   */
  readonly size?: number;
}

const schema = z.strictObject({
  items: z.int().min(1).max(100_000),
  seed: z.int(),
  size: z.int().min(8).max(1024).default(48),
});

/**
 * The world's benchmark of composition: in each of SugarCrepe's seven categories, is a picture
 * nearer to a true caption than to a small false edit of it (`acc`, SugarCrepe's rule)? Nearer to
 * the same in other words, too (`itt_acc`), and are the two nearer to each other than to the false
 * one (`tot_acc`, both of SugarCrepe++)? Ties are wrong.
 *
 * A model that sees a caption as a bag of words ties on `scenes/swap_att` and `scenes/swap_obj`,
 * whose negatives are permutations of their captions.
 *
 * @throws {RangeError} if an option is unknown or out of range.
 *
 * @example
 * ```ts
 * import { scenesCompositional } from "@syntagma/syntagma/scenes";
 *
 * console.assert(scenesCompositional({ items: 500, seed: 1 }).options.size === 48);
 * ```
 */
export function scenesCompositional(options: ScenesBenchmarkOptions): Evaluator {
  return build(options);
}

function build(options: unknown): Evaluator {
  const checked = checkOptions("scenesCompositional", schema, options);
  return {
    name: "scenesCompositional",
    options: checked,
    with: (changes: JsonObject) => build({ ...checked, ...changes }),
    evaluate: (encoder) => evaluate(encoder, checked),
  };
}

/** The items of one category; item `i` depends on the seed, the category and `i` alone. */
export function compositionalItems(
  category: FoilCategory,
  { items, seed }: { readonly items: number; readonly seed: number },
): Foil[] {
  return Array.from(
    { length: items },
    (_, index) => drawFoil(category, createRandom(seed, "compositional", category, index)),
  );
}

async function evaluate(
  encoder: Encoder,
  { items, seed, size }: z.output<typeof schema>,
): Promise<readonly Evaluation[]> {
  const { dim } = encoder;
  const foils = FOIL_CATEGORIES.flatMap((category) =>
    compositionalItems(category, { items, seed })
  );
  const images = await encoder.images(
    foils.length,
    (index) => Promise.resolve(renderScene(foils[index]!.scene, size)),
  );
  const texts = await embedTexts(encoder, [
    ...foils.map(({ caption }) => caption),
    ...foils.map(({ caption2 }) => caption2),
    ...foils.map(({ negative }) => negative),
  ]);
  return FOIL_CATEGORIES.map((category, place) => {
    const rows = (matrix: Float32Array, group: number) => {
      const first = (group * foils.length + place * items) * dim;
      return matrix.subarray(first, first + items * dim);
    };
    const embedded = {
      images: rows(images, 0),
      captions: rows(texts, 0),
      captions2: rows(texts, 1),
      negatives: rows(texts, 2),
    };
    return {
      dataset: `scenes/${category}`,
      task: "image_caption_selection",
      metrics: {
        acc: captionAccuracy(embedded.images, embedded.captions, embedded.negatives, dim),
        itt_acc: imageToTextAccuracy(embedded, dim),
        tot_acc: textOnlyAccuracy(embedded, dim),
      },
      items,
      headline: "acc",
    };
  });
}
