import { reshape } from "../../core/graph/linear.ts";
import type { Tensor } from "../../core/graph/tensor.ts";

/**
 * The embeddings of a group that has one a row: `[batch, 1, dim]` as `[batch, dim]`.
 *
 * @param expected What the loss expects of a row, for the error.
 * @throws {TypeError} if a row has more.
 */
export function onlyRow(tensor: Tensor, expected: string): Tensor {
  const [batch, count, dim] = tensor.shape as [number, number, number];
  if (count === 1) return reshape(tensor, [batch, dim]);
  throw new TypeError(`${expected} a row, found ${count}`);
}
