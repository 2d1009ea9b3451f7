/**
 * Scaled cosines, which contrastive losses are made of.
 *
 * @module
 */
import { mul } from "../../core/graph/elementwise.ts";
import { gemm, reshape, sum } from "../../core/graph/linear.ts";
import type { Tensor } from "../../core/graph/tensor.ts";

/**
 * Scaled cosines of all rows with all texts of all rows.
 *
 * @param rows `[batch, dim]`, of unit length.
 * @param texts `[…, dim]`, of unit length.
 * @returns `[batch, texts]`.
 */
export function logitsOfAll(rows: Tensor, texts: Tensor, logitScale: Tensor): Tensor {
  const all = reshape(texts, [-1, texts.shape.at(-1)!]);
  return mul(logitScale, gemm(rows, all, undefined, { transposeB: true }));
}

/**
 * Scaled cosines of rows with their own texts.
 *
 * @param rows `[batch, dim]`, of unit length.
 * @param texts `[batch, count, dim]`, of unit length.
 * @returns `[batch, count]`.
 */
export function logitsOfOwn(rows: Tensor, texts: Tensor, logitScale: Tensor): Tensor {
  const [batch, dim] = rows.shape as [number, number];
  return mul(logitScale, sum(mul(reshape(rows, [batch, 1, dim]), texts), [2]));
}
