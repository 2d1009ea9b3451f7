import { matmul, reshape, sum, transpose } from "../../core/graph/linear.ts";
import { add, mul, sub } from "../../core/graph/elementwise.ts";
import { concat, slice } from "../../core/graph/shape.ts";
import { greater, where } from "../../core/graph/comparison.ts";
import { logSumExp } from "../../core/graph/softmax.ts";
import { mean } from "../../core/graph/reduce.ts";
import type { Tensor } from "../../core/graph/tensor.ts";
import { ABSENT } from "../contrastive/duplicates.ts";

/**
 * Which loss keeps captions away from their negatives; s is the scaled similarity, N the batch.
 *
 * - `"paper"`: `meanᵢ log Σₖ exp s(Tᵢ, Tᵢₖ⁻)`, over a caption's own negatives;
 * - `"released"`: the cross entropy of the rows `s·T·T⁻ᵀ` (N × N·slots) with class 0 for every row,
 *   as the authors' code has it: it brings captions near the first negative of the batch;
 * - `"contrast"`: the cross entropy of the rows `[s(Iᵢ, Tᵢ), s·Tᵢ·T⁻ᵀ]` with class 0: a caption is
 *   to be more like its image than like any negative of the batch.
 */
export type ImcVariant = "paper" | "released" | "contrast";

/** What the intra-modal loss is computed from. */
export interface IntraModal {
  /** `[batch, dim]`, rows of unit length. */
  readonly captions: Tensor;
  /** `[batch, slots, dim]`, rows of unit length. */
  readonly negatives: Tensor;
  /** `[batch, slots]`: 1 for the negatives that count, else 0. */
  readonly counted: Tensor;
  /** `[batch, 1]`: s(I, T), each image with its caption. */
  readonly own: Tensor;
  /** s, a scalar. */
  readonly logitScale: Tensor;
}

/**
 * The intra-modal contrastive loss in one of its variants. A caption without a negative that counts
 * adds nothing to `"paper"`.
 *
 * @returns a scalar.
 */
export function intraModalLoss(variant: ImcVariant, terms: IntraModal): Tensor {
  const { captions, negatives, counted, own, logitScale } = terms;
  const [batch, slots, dim] = negatives.shape as [number, number, number];
  const absent = mul(sub(1, counted), ABSENT);
  if (variant === "paper") {
    const to = sum(mul(reshape(captions, [batch, 1, dim]), negatives), [2]);
    const spread = logSumExp(add(mul(logitScale, to), absent), 1);
    return mean(where(greater(sum(counted, [1]), 0), spread, 0));
  }
  const rows = reshape(negatives, [batch * slots, dim]);
  const toAll = add(
    mul(logitScale, matmul(captions, transpose(rows))),
    reshape(absent, [1, batch * slots]),
  );
  const logits = variant === "contrast" ? concat([own, toAll], 1) : toAll;
  const right = slice(logits, { axis: 1, start: 0, end: 1 });
  return mean(sub(logSumExp(logits, 1), reshape(right, [batch])));
}
