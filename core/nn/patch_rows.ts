import { reshape, transpose } from "../graph/linear.ts";
import type { Tensor } from "../graph/tensor.ts";

/**
 * Pictures cut into squares, each a row. A convolution whose stride is its kernel is a product with
 * these, so that its gradient is a product too.
 *
 * @param pixels `[batch, 3, size, size]`.
 * @param grid Squares along a side.
 * @param patch Pixels along the side of a square.
 * @returns `[batch · grid², 3 · patch²]`.
 */
export function patchRows(pixels: Tensor, grid: number, patch: number): Tensor {
  const batch = pixels.shape[0]!;
  const cut = reshape(pixels, [batch, 3, grid, patch, grid, patch]);
  return reshape(transpose(cut, [0, 2, 4, 1, 3, 5]), [batch * grid * grid, 3 * patch * patch]);
}
