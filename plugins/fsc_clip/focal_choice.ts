import { add, div, exp, mul, neg, pow, relu, sub } from "../../core/graph/elementwise.ts";
import { cast } from "../../core/graph/cast.ts";
import { greater } from "../../core/graph/comparison.ts";
import { reshape, sum } from "../../core/graph/linear.ts";
import { ones } from "../../core/graph/node.ts";
import { concat, slice } from "../../core/graph/shape.ts";
import { logSoftmax } from "../../core/graph/softmax.ts";
import type { Tensor } from "../../core/graph/tensor.ts";
import { countedMean } from "../contrastive/counted_contrast.ts";
import { ABSENT } from "../contrastive/duplicates.ts";

/** How {@linkcode focalChoice} weighs what it is sure of. */
export interface FocalSettings {
  /** γ: the share that is lost of a choice that is made with probability p is `1 − (1 − p)^γ`. */
  readonly gamma: number;
  /** ε: the part of the label that is spread over the caption and the negatives that are there. */
  readonly smoothing: number;
  /** Whether a negative that is not there stands in the softmax with the logit 0, or not at all. */
  readonly missing: "zero" | "drop";
}

/**
 * The choice of a picture among its own caption and its own negatives, a focal loss with smoothed
 * labels: `Σⱼ yⱼ (1 − pⱼ)^γ (−log pⱼ)`, p the softmax of the scores, y the label. The mean over the
 * rows that have a negative.
 *
 * @param own `[batch, 1]`: scores of the captions.
 * @param others `[batch, slots]`: scores of the negatives.
 * @param present `[batch, slots]`: 1 where there is such a negative, else 0.
 * @returns a scalar.
 */
export function focalChoice(
  own: Tensor,
  others: Tensor,
  present: Tensor,
  { gamma, smoothing, missing }: FocalSettings,
): Tensor {
  const [batch] = own.shape as [number, number];
  const counted = concat([ones([batch, 1], own.dtype), present], 1);
  const scores = concat([own, others], 1);
  const logits = missing === "zero"
    ? mul(scores, counted)
    : add(scores, mul(sub(1, counted), ABSENT));
  const logP = logSoftmax(logits, 1);
  // Rounding may make a probability a little larger than 1.
  const focal = mul(neg(logP), pow(relu(sub(1, exp(logP))), gamma));
  const shared = mul(div(counted, sum(counted, [1], { keepDims: true })), smoothing);
  const all = sum(mul(shared, focal), [1]);
  const right = reshape(slice(focal, { axis: 1, start: 0, end: 1 }), [batch]);
  const rows = add(all, mul(right, 1 - smoothing));
  return countedMean(rows, cast(greater(sum(present, [1]), 0), own.dtype));
}
