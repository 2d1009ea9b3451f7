import { embedDistinctTexts } from "../../../core/scoring/embed_texts.ts";
import { nameEmbeddings } from "../../../core/embedding_error.ts";
import type { Encoder } from "../../../core/evaluator.ts";
import type { LoadedModel } from "../models/loaded_model.ts";
import { compareRows } from "../models/similarity.ts";
import type { MatchItem } from "./match_items.ts";

/** What a model finds of one item. */
export interface Match {
  /** The cosine of each caption. */
  readonly cosines: readonly number[];
  /** The model's belief in each: see `Similarity.probabilities`. */
  readonly beliefs: readonly number[];
  /** The place of the caption that fits best. Of equals the first. */
  readonly best: number;
}

/**
 * Finds which caption of each item fits best.
 *
 * @param encoder The model's own, or one that is watched.
 */
export async function matchModel(
  model: LoadedModel,
  encoder: Encoder,
  items: readonly MatchItem[],
): Promise<readonly Match[]> {
  const { dim } = model;
  const { rows, rowOf } = await embedDistinctTexts(encoder, items.flatMap((each) => each.captions));
  const pictures = await nameEmbeddings(
    encoder.images(items.length, (index) => items[index]!.read(model.context)),
    (row) => items[row]!.picture,
  );
  const facts = await model.logitFacts();
  return items.map(({ captions }, item) => {
    const texts = new Float32Array(captions.length * dim);
    for (const [place, caption] of captions.entries()) {
      const row = rowOf.get(caption)!;
      texts.set(rows.subarray(row * dim, (row + 1) * dim), place * dim);
    }
    const picture = pictures.subarray(item * dim, (item + 1) * dim);
    const similarity = compareRows(picture, texts, dim, facts);
    const cosines = [...similarity.cosines[0]!];
    return {
      cosines,
      beliefs: [...similarity.probabilities()[0]!],
      best: cosines.indexOf(Math.max(...cosines)),
    };
  });
}
