import { add, div, maximum, mul, sub } from "../../core/graph/elementwise.ts";
import { reshape, sum } from "../../core/graph/linear.ts";
import { concat } from "../../core/graph/shape.ts";
import { logSumExp } from "../../core/graph/softmax.ts";
import type { Tensor } from "../../core/graph/tensor.ts";
import { ABSENT } from "./duplicates.ts";
import { logitsOfAll } from "./logits.ts";

/** What {@linkcode countedContrast} compares. */
export interface CountedPairs {
  /** u, `[batch, dim]`, rows of unit length. */
  readonly image: Tensor;
  /** t, `[batch, dim]`, rows of unit length. */
  readonly text: Tensor;
  /** `[batch]`: 1 where the pair counts, else 0. */
  readonly counted: Tensor;
  /** s, a scalar. */
  readonly logitScale: Tensor;
  /** `[batch, further]`: logits of texts that each image meets beside those of the pairs. */
  readonly further: Tensor;
}

/**
 * CLIP's contrast among those pairs of a batch that count, as if there were no others:
 * `½ [CE rows of [s·u·tᵀ, further] + CE rows of s·t·uᵀ]`, the mean over them; 0 if there are none.
 *
 * @returns a scalar.
 */
export function countedContrast(pairs: CountedPairs): Tensor {
  const { image, text, counted, logitScale, further } = pairs;
  const [batch] = image.shape as [number, number];
  const absent = mul(sub(1, counted), ABSENT);
  const logits = logitsOfAll(image, text, logitScale);
  const among = add(logits, reshape(absent, [1, batch]));
  const toTexts = logSumExp(concat([among, further], 1), 1);
  const toImages = logSumExp(add(logits, reshape(absent, [batch, 1])), 0);
  const own = mul(logitScale, sum(mul(image, text), [1]));
  return countedMean(sub(mul(add(toTexts, toImages), 0.5), own), counted);
}

/** The mean of the values that count, 0 if there are none; both tensors are of one shape. */
export function countedMean(values: Tensor, counted: Tensor): Tensor {
  return div(sum(mul(values, counted)), maximum(sum(counted), 1));
}
