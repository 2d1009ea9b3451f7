/**
 * Products of matrices.
 *
 * @module
 */
import { add, mul } from "../../elementwise.ts";
import { expand, gemm, matmul, reshape } from "../../linear.ts";
import type { Tensor } from "../../tensor.ts";
import type { Rules } from "../call.ts";
import { einsum } from "./einsum.ts";

/** MatMul, Gemm and Einsum. */
export const productRules: Rules = {
  MatMul: ({ input }) => product(input(0), input(1)),
  Gemm: ({ input, optional, float, int }) => {
    const [a, b, c] = [input(0), input(1), optional(2)];
    const [alpha, beta] = [float("alpha", 1), float("beta", 1)];
    const options = { transposeA: int("transA", 0) === 1, transposeB: int("transB", 0) === 1 };
    const width = b.shape[options.transposeB ? 0 : 1];
    const isRow = c !== undefined && c.shape.length === 1 && c.shape[0] === width;
    if (isRow && alpha === 1 && beta === 1) return gemm(a, b, c, options);
    const scaled = times(gemm(a, b, undefined, options), alpha);
    if (c === undefined || beta === 0) return scaled;
    return add(scaled, expand(times(c, beta), scaled.shape));
  },
  Einsum: ({ input, operands, string }) =>
    einsum(string("equation", ""), Array.from({ length: operands }, (_, i) => input(i))),
};

function times(x: Tensor, factor: number): Tensor {
  return factor === 1 ? x : mul(x, factor);
}

/** As NumPy's: a vector is a row on the left and a column on the right, and that axis goes. */
function product(a: Tensor, b: Tensor): Tensor {
  const [left, right] = [a.shape.length === 1, b.shape.length === 1];
  if (!left && !right) return matmul(a, b);
  const y = matmul(
    left ? reshape(a, [1, ...a.shape]) : a,
    right ? reshape(b, [...b.shape, 1]) : b,
  );
  const rank = y.shape.length;
  return reshape(
    y,
    y.shape.filter((_, i) => !(left && i === rank - 2) && !(right && i === rank - 1)),
  );
}
