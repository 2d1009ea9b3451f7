import {
  captionAccuracy,
  imageToTextAccuracy,
  textOnlyAccuracy,
} from "../../core/evaluation/mod.ts";
import type { Evaluation } from "../../mod.ts";

/** The embeddings of a category's items, one row an item in each. */
export interface EmbeddedItems {
  readonly images: Float32Array;
  readonly captions: Float32Array;
  readonly captions2: Float32Array;
  readonly negatives: Float32Array;
}

/** Scores of a category by the rules of SugarCrepe (`acc`) and SugarCrepe++ (`itt_acc`, `tot_acc`). */
export function selectionEvaluation(
  dataset: string,
  embedded: EmbeddedItems,
  items: number,
  dim: number,
): Evaluation {
  return {
    dataset,
    task: "image_caption_selection",
    metrics: {
      acc: captionAccuracy(embedded.images, embedded.captions, embedded.negatives, dim),
      itt_acc: imageToTextAccuracy(embedded, dim),
      tot_acc: textOnlyAccuracy(embedded, dim),
    },
    items,
    headline: "acc",
  };
}
