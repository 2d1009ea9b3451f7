import { add, div, exp, mul, neg, pow, relu, sub } from "../../core/graph/elementwise.ts";
import { reshape, sum } from "../../core/graph/linear.ts";
import { ones } from "../../core/graph/node.ts";
import { concat, slice } from "../../core/graph/shape.ts";
import { logSoftmax } from "../../core/graph/softmax.ts";
import type { Tensor } from "../../core/graph/tensor.ts";
import { ABSENT } from "./duplicates.ts";

/** How {@linkcode ownChoice} judges a choice; a plain cross entropy where nothing is said. */
export interface ChoiceSettings {
  /**
   * γ of a focal loss: the share that is lost of a choice that is made with probability p is
   * `1 − (1 − p)^γ`. Default 0.
   */
  readonly gamma?: number;
  /** ε: the part of the label that is spread over all answers that are there. Default 0. */
  readonly smoothing?: number;
  /**
   * Whether an answer that is not there stands in the softmax with the logit 0, or not at all.
   * Default `"drop"`.
   */
  readonly missing?: "zero" | "drop";
}

/**
 * The choice of each row among its own right answer and its own wrong ones, which no other row
 * meets: `Σⱼ yⱼ (1 − pⱼ)^γ (−log pⱼ)`, p the softmax of the scores, y the smoothed label.
 *
 * @param own `[batch, 1]`: scores of the right answers.
 * @param others `[batch, slots]`: scores of the wrong ones.
 * @param present `[batch, slots]`: 1 where there is such an answer, else 0.
 * @returns `[batch]`.
 */
export function ownChoice(
  own: Tensor,
  others: Tensor,
  present: Tensor,
  { gamma = 0, smoothing = 0, missing = "drop" }: ChoiceSettings = {},
): Tensor {
  const [batch] = own.shape as [number, number];
  const counted = concat([ones([batch, 1], own.dtype), present], 1);
  const scores = concat([own, others], 1);
  const logits = missing === "zero"
    ? mul(scores, counted)
    : add(scores, mul(sub(1, counted), ABSENT));
  const logP = logSoftmax(logits, 1);
  // Rounding may make a probability a little larger than 1. With γ = 0 the power has no gradient at 0.
  const lost = gamma === 0 ? neg(logP) : mul(neg(logP), pow(relu(sub(1, exp(logP))), gamma));
  const right = reshape(slice(lost, { axis: 1, start: 0, end: 1 }), [batch]);
  if (smoothing === 0) return right;
  const shared = mul(div(counted, sum(counted, [1], { keepDims: true })), smoothing);
  return add(sum(mul(shared, lost), [1]), mul(right, 1 - smoothing));
}
