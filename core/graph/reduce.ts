/**
 * Means and extremes over axes; without axes, over all of them.
 *
 * @module
 */
import { cast } from "./cast.ts";
import { equal } from "./comparison.ts";
import { add, div, maximum, minimum, mul, neg, stopGradient, sub } from "./elementwise.ts";
import { reduce, reshape, sum } from "./linear.ts";
import { applySingle, normalizeAxis } from "./node.ts";
import { isFloating } from "./operand.ts";
import type { Shape, Tensor } from "./tensor.ts";

/**
 * The mean over axes.
 *
 * @param options.keepDims As of {@linkcode sum}.
 */
export function mean(
  x: Tensor,
  axes?: readonly number[],
  options: { readonly keepDims?: boolean } = {},
): Tensor {
  return reduce("ReduceMean", x, axes, options, (g, _, count) => div(g, count));
}

/**
 * The largest value over axes, NaN where one is among them; tied places share the gradient in equal
 * parts, as PyTorch's amax.
 *
 * @param options.keepDims As of {@linkcode sum}.
 */
export function max(
  x: Tensor,
  axes?: readonly number[],
  options: { readonly keepDims?: boolean } = {},
): Tensor {
  const largest = maxOfNumbers(x, axes, options);
  if (!isFloating(x.dtype)) return largest;
  // ONNX Runtime passes by a NaN that is not the first, on every device; a sum does not.
  const sign = sum(minimum(maximum(x, -1), 1), axes, options);
  return add(largest, stopGradient(sub(sign, sign)));
}

/** {@linkcode max} of what holds no NaN, or where nothing hangs on it. */
export function maxOfNumbers(
  x: Tensor,
  axes?: readonly number[],
  options: { readonly keepDims?: boolean } = {},
): Tensor {
  return reduce("ReduceMax", x, axes, options, shareAmongTied);
}

/**
 * The smallest value over axes, as {@linkcode max}.
 *
 * @param options.keepDims As of {@linkcode sum}.
 */
export function min(
  x: Tensor,
  axes?: readonly number[],
  options: { readonly keepDims?: boolean } = {},
): Tensor {
  return neg(max(neg(x), axes, options));
}

/** Where the largest value along an axis stands (the first of tied ones), as int64; no gradient. */
export function argmax(x: Tensor, axis: number): Tensor {
  const at = normalizeAxis("ArgMax", axis, x.shape.length);
  return applySingle("ArgMax", [x], {
    attributes: { axis: { int: at }, keepdims: { int: 0 } },
    dtype: "int64",
    shape: x.shape.filter((_, i) => i !== at),
  });
}

function shareAmongTied(g: Tensor, { x, y, kept }: { x: Tensor; y: Tensor; kept: Shape }): Tensor {
  const tied = cast(equal(x, reshape(y, kept)), x.dtype);
  const axes = kept.flatMap((length, axis) => length === 1 && x.shape[axis] !== 1 ? [axis] : []);
  const ties = axes.length === 0 ? tied : sum(tied, axes, { keepDims: true });
  return mul(tied, div(g, ties));
}
