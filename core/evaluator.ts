/**
 * Evaluators: benchmarks that score a model by its embeddings.
 *
 * @module
 */
import type { Component } from "./component.ts";
import type { Context } from "./context.ts";
import type { Raster } from "./images/raster.ts";

/** Embeds pictures and texts with a model as it stands now. */
export interface Encoder {
  /** Length of an embedding. */
  readonly dim: number;
  /**
   * Rows of unit length, `count × dim` values in row-major order.
   *
   * @param picture Gives picture `index`, of any size: the model's own preprocessing is applied.
   */
  images(count: number, picture: (index: number) => Promise<Raster>): Promise<Float32Array>;
  /** Rows of unit length, one for each text, `texts.length × dim` values. */
  texts(texts: readonly string[]): Promise<Float32Array>;
}

/** Scores of one data set, in the fields of LAION's CLIP_benchmark. */
export interface Evaluation {
  /** Data set and subset: `"sugar_crepe/add_att"`, `"scenes/swap_att"`. */
  readonly dataset: string;
  /**
   * What was done: `"image_caption_selection"`, `"zeroshot_retrieval"`,
   * `"zeroshot_classification"`.
   */
  readonly task: string;
  /** Scores in [0, 1], by CLIP_benchmark's names: `acc`, `image_retrieval_recall@5`. */
  readonly metrics: Readonly<Record<string, number>>;
  /** How many items were scored. */
  readonly items: number;
  /** The metric that stands for the data set in tables. */
  readonly headline: string;
}

/** A benchmark. */
export interface Evaluator extends Component {
  /** Scores the model behind `encoder`. */
  evaluate(encoder: Encoder, context: Context): Promise<readonly Evaluation[]>;
  /** The same benchmark with some options changed, checked as the factory checks them. */
  with(changes: Component["options"]): Evaluator;
}
