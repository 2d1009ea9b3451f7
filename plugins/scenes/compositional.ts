import { createRandom } from "../../core/random.ts";
import type { Encoder, Evaluation, Evaluator } from "../../core/evaluator.ts";
import { embedTexts } from "../../core/scoring/embed_texts.ts";
import { defineScenesBenchmark, type ScenesBenchmarkOptions } from "./benchmark.ts";
import { drawFoil, type Foil, FOIL_CATEGORIES, type FoilCategory } from "./foils.ts";
import { selectionEvaluation } from "./selection_evaluation.ts";
import { renderScene } from "./render.ts";

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
export const scenesCompositional: (options: ScenesBenchmarkOptions) => Evaluator =
  defineScenesBenchmark(
    "scenesCompositional",
    100_000,
    evaluate,
  );

/** The items of one category; item `i` depends on the seed, the category and `i` alone. */
export function compositionalItems(
  category: FoilCategory,
  { items, seed }: { readonly items: number; readonly seed: number },
): Foil[] {
  return Array.from({ length: items }, (_, index) => compositionalItem(category, seed, index));
}

/** Item `index` of one category. */
export function compositionalItem(category: FoilCategory, seed: number, index: number): Foil {
  return drawFoil(category, createRandom(seed, "compositional", category, index));
}

async function evaluate(
  encoder: Encoder,
  { items, seed, size }: Required<ScenesBenchmarkOptions>,
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
    const own = foils.slice(place * items, (place + 1) * items);
    return selectionEvaluation({ category, seed, foils: own }, embedded, dim);
  });
}
