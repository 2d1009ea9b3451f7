import { matmul, reshape, transpose } from "./linear.ts";
import { constant } from "./node.ts";
import type { Tensor } from "./tensor.ts";

/**
 * A fixed linear map along one axis: place `i` of the result is the sum over `j` of
 * `matrix[i][j] · x[…j…]`. What resizing, pooling and running sums are made of.
 */
export function alongAxis(
  x: Tensor,
  axis: number,
  matrix: readonly (readonly number[])[],
): Tensor {
  const length = x.shape[axis]!;
  const last = x.shape.length - 1;
  // [from, to], so that rows of x multiply it from the left.
  const turned = Array.from({ length }, (_, j) => matrix.map((row) => row[j]!)).flat();
  const map = constant(turned, [length, matrix.length], x.dtype);
  if (x.shape.length === 1) return matmulRow(x, map);
  const order = x.shape.map((_, i) => i === axis ? last : i === last ? axis : i);
  return transpose(matmul(transpose(x, order), map), order);
}

function matmulRow(x: Tensor, map: Tensor): Tensor {
  return reshape(matmul(reshape(x, [1, -1]), map), [-1]);
}
