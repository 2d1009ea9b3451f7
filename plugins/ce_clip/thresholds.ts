import { sum } from "../../core/graph/linear.ts";
import {
  add,
  clip,
  div,
  maximum,
  mul,
  relu,
  stopGradient,
  sub,
} from "../../core/graph/elementwise.ts";
import { greater, where } from "../../core/graph/comparison.ts";
import { max, mean } from "../../core/graph/reduce.ts";
import type { Tensor } from "../../core/graph/tensor.ts";

/**
 * By how much an image's own caption is to stand above its negatives.
 *
 * - `"adaptive"`: as much as it did in the step before, on average over the batch, for each slot;
 * - `"max"`: a fifth of the largest difference of the step before, for each slot;
 * - `"fixed"`: the same for all slots and steps.
 */
export type ThresholdKind = "adaptive" | "fixed" | "max";

/** What the thresholds of a step are made from. */
export interface Similarities {
  /** `[batch, 1]`: s(I, T), each image with its caption. */
  readonly own: Tensor;
  /** `[batch, slots]`: s(I, Tₖ⁻), each image with the negatives of its caption. */
  readonly negatives: Tensor;
  /** `[batch, slots]`: 1 where there is such a negative, else 0. */
  readonly valid: Tensor;
}

/** The part of the largest difference that the released code takes. */
const LARGEST_SHARE = 1 / 5;

/**
 * The thresholds of the next step, `[slots]`, in [0, `upperBound`]; no gradient flows through them.
 *
 * Adaptive: `Thₖ = meanᵢ s(Iᵢ, Tᵢ) − mean over the valid i of s(Iᵢ, Tᵢₖ⁻)`; the first mean is over
 * the whole batch, as in the released code. A slot without any negative in the batch keeps its
 * threshold, where the released code would divide by zero.
 *
 * @param current `[slots]`, the thresholds of this step.
 */
export function nextThresholds(
  kind: "adaptive" | "max",
  { own, negatives, valid }: Similarities,
  current: Tensor,
  upperBound: number,
): Tensor {
  const count = sum(valid, [0]);
  const target = kind === "max"
    // Rows without the negative count as a difference of 0.
    ? mul(max(mul(sub(own, negatives), valid), [0]), LARGEST_SHARE)
    : sub(mean(own), div(sum(mul(negatives, valid), [0]), maximum(count, 1)));
  return stopGradient(clip(where(greater(count, 0), target, current), 0, upperBound));
}

/**
 * The cross-modal rank loss: the mean over all i and k of `ReLU(Thₖ + s(Iᵢ, Tᵢₖ⁻) − s(Iᵢ, Tᵢ))`, in
 * which negatives that are not there count as 0.
 *
 * @param thresholds `[slots]`.
 */
export function rankLoss({ own, negatives, valid }: Similarities, thresholds: Tensor): Tensor {
  return mean(mul(relu(add(sub(negatives, own), thresholds)), valid));
}
