import { countRows, dotRows } from "../../core/scoring/rows.ts";
import { selectBothTexts, selectTrueText } from "../../core/scoring/rules.ts";
import { summarizeItems } from "../../core/scoring/summarize.ts";
import type { Evaluation, ItemScore } from "../../core/evaluator.ts";
import { itemPictureName } from "./item_picture_name.ts";

/** The items of a category. */
export interface SelectionItems {
  /** The category: `"swap_att"`. */
  readonly category: string;
  /** The seed that they were drawn with. */
  readonly seed: number;
  /** Two true captions of each and a false one. */
  readonly foils: readonly {
    readonly caption: string;
    readonly caption2: string;
    readonly negative: string;
  }[];
}

/** The embeddings of a category's items, one row an item in each. */
export interface EmbeddedItems {
  readonly images: Float32Array;
  readonly captions: Float32Array;
  readonly captions2: Float32Array;
  readonly negatives: Float32Array;
}

/**
 * Scores of a category by the rules of SugarCrepe (`acc`) and SugarCrepe++ (`itt_acc`, `tot_acc`).
 * An item's scores are the cosines of the picture with the caption, the second caption and the
 * negative, then of the captions with each other, of the first with the negative, and of the second
 * with the negative.
 *
 * @throws {TypeError} if there is not a row an item.
 * @throws {EmbeddingError} if a row is not finite or has length 0.
 */
export function selectionEvaluation(
  { category, seed, foils }: SelectionItems,
  { images, captions, captions2, negatives }: EmbeddedItems,
  dim: number,
): Evaluation {
  for (const [what, rows] of Object.entries({ images, captions, captions2, negatives })) {
    countRows(what, rows, dim, foils.length);
  }
  const dataset = `scenes/${category}`;
  const itemScores = foils.map(({ caption, caption2, negative }, i): ItemScore => {
    const cosine = (a: Float32Array, b: Float32Array) => dotRows(a, i, b, i, dim);
    const [first, second, wrong] = [captions, captions2, negatives].map((texts) =>
      cosine(images, texts)
    ) as [number, number, number];
    const scores = [
      ...[first, second, wrong, cosine(captions, captions2)],
      ...[cosine(captions, negatives), cosine(captions2, negatives)],
    ];
    return {
      id: `${i}`,
      images: [itemPictureName(dataset, seed, i)],
      texts: [caption, caption2, negative],
      scores,
      correct: { ...selectTrueText([first, wrong]), ...selectBothTexts(scores) },
    };
  });
  return summarizeItems({ dataset, task: "image_caption_selection", headline: "acc" }, itemScores);
}
