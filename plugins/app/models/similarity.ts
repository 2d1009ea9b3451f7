import { visitDots } from "../../../core/scoring/rows.ts";

/** How near pictures are to texts: a row for each picture, a column for each text. */
export interface Similarity {
  /** Cosines of the embeddings, to the last bit those that benchmarks compare. */
  readonly cosines: readonly Float64Array[];
  /**
   * What the model's loss is made of: the cosine by the logit scale, which is trained with the model,
   * and the bias where the model has one (SigLIP).
   */
  logits(): readonly Float64Array[];
  /**
   * The model's belief that they belong together. Of a model with a bias (SigLIP) the sigmoid of each
   * logit: every pair by itself. Of others the softmax of a row: the texts are what there is to choose
   * from, and the sum of a picture's row is 1.
   */
  probabilities(): readonly Float64Array[];
}

/**
 * The similarity of rows of unit length.
 *
 * @param images `[pictures, dim]`.
 * @param texts `[texts, dim]`.
 */
export function compareRows(
  images: Float32Array,
  texts: Float32Array,
  dim: number,
  { scale, bias }: { readonly scale: number; readonly bias: number | undefined },
): Similarity {
  const cosines = Array.from(
    { length: images.length / dim },
    () => new Float64Array(texts.length / dim),
  );
  visitDots(images, texts, dim, (i, j, dot) => {
    cosines[i]![j] = dot;
  });
  const logits = () => cosines.map((row) => row.map((cosine) => cosine * scale + (bias ?? 0)));
  return {
    cosines,
    logits,
    probabilities: () => logits().map(bias === undefined ? softmax : sigmoid),
  };
}

function softmax(row: Float64Array): Float64Array {
  const most = row.reduce((a, b) => Math.max(a, b), -Infinity);
  const powers = row.map((logit) => Math.exp(logit - most));
  const sum = powers.reduce((a, b) => a + b, 0);
  return powers.map((power) => power / sum);
}

function sigmoid(row: Float64Array): Float64Array {
  return row.map((logit) => 1 / (1 + Math.exp(-logit)));
}
