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
   * @param key Names what picture `index` shows, so that an encoder which has embedded it before
   *   need not ask for it: equal keys stand for equal pixels, in all benchmarks and at all times
   *   (see `pictureKey`). Default: what `picture` gives.
   */
  images(
    count: number,
    picture: (index: number) => Promise<Raster>,
    key?: (index: number) => Promise<string>,
  ): Promise<Float32Array>;
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
  /** What scores drawn at random would come to, for the metrics of which that can be told. */
  readonly chance?: Readonly<Record<string, number>>;
  /**
   * What a scorer that knows a text's words and not their order comes to at best, likewise: what lies
   * below it asks for no order of words.
   */
  readonly wordBag?: Readonly<Record<string, number>>;
  /** How many items were scored. */
  readonly items: number;
  /** The metric that stands for the data set in tables. */
  readonly headline: string;
  /**
   * What each item came to, in the order of the data set. A metric that is a share of items is the
   * mean of its entry in {@linkcode ItemScore.correct} over the items that have it; a metric
   * `macro_<metric>` is the unweighted mean of that mean over the groups of items. By its usual name
   * the `macro_acc1` of a classification is `mean_per_class_recall`, the `macro_lp_acc1` of a linear
   * probe `lp_mean_per_class_recall`.
   */
  readonly itemScores?: readonly ItemScore[];
  /**
   * The data sets that this one averages, by their names. Then a metric that they have is over all
   * their items together, and `macro_<metric>` is the unweighted mean over the parts of the same
   * metric (of `macro_<metric>` for a part that averages others itself); the item scores stand with
   * the parts.
   */
  readonly parts?: readonly string[];
  /**
   * Stands where not all items of the benchmark were scored; such scores compare with no others. It
   * says how many items the whole benchmark has, and which pictures were not there or are broken: none
   * where a limit alone left items out.
   */
  readonly partial?: { readonly of: number; readonly missing: readonly string[] };
}

/** One item's result: what reports, confidence intervals and paired tests are made from. */
export interface ItemScore {
  /**
   * Names the item within its data set, equally for every model: the key that the annotation file
   * gives it, or its position.
   */
  readonly id: string;
  /** The pictures that the item compares, by file name or id. */
  readonly images?: readonly string[];
  /** The texts that the item compares: a true one before the false ones where there are such. */
  readonly texts?: readonly string[];
  /** Cosines (a linear probe's are logits), in an order that the benchmark's factory documents. */
  readonly scores: readonly number[];
  /** Whether the item counts as right, for each metric that it counts in. */
  readonly correct: Readonly<Record<string, boolean>>;
  /** What macro averages are taken over: a class, a relation. Items without one count in none. */
  readonly group?: string;
}

/** A benchmark. */
export interface Evaluator extends Component {
  /**
   * The name that commands know it by, where that is another than the component's: settings find it
   * by both.
   */
  readonly alias?: string;
  /**
   * Reads the annotations and looks for the pictures, and embeds nothing, so that what is missing is
   * told before hours of training. Absent where nothing is needed.
   *
   * @throws what {@linkcode Evaluator.evaluate} would throw for it.
   */
  check?(context: Context): Promise<void>;
  /** Scores the model behind `encoder`. */
  evaluate(encoder: Encoder, context: Context): Promise<readonly Evaluation[]>;
}
