/**
 * Reductions over axes; without axes, over all of them.
 *
 * @module
 */
import { reducedShape } from "./broadcast.ts";
import { cast } from "./cast.ts";
import { equal } from "./comparison.ts";
import { div, mul, neg } from "./elementwise.ts";
import { applySingle, indices, normalizeAxis } from "./node.ts";
import { expand, reshape } from "./shape.ts";
import type { Shape, Tensor } from "./tensor.ts";

/** Whether reduced axes stay with length 1. */
export interface ReduceOptions {
  /** Default false. */
  readonly keepDims?: boolean;
}

/** The sum over axes. */
export function sum(x: Tensor, axes?: readonly number[], options: ReduceOptions = {}): Tensor {
  return reduce("ReduceSum", x, axes, options, (g) => g);
}

/** The mean over axes. */
export function mean(x: Tensor, axes?: readonly number[], options: ReduceOptions = {}): Tensor {
  return reduce("ReduceMean", x, axes, options, (g, _, count) => div(g, count));
}

/** The largest value over axes; tied places share the gradient in equal parts, as PyTorch's amax. */
export function max(x: Tensor, axes?: readonly number[], options: ReduceOptions = {}): Tensor {
  return reduce("ReduceMax", x, axes, options, shareAmongTied);
}

/** The smallest value over axes; tied places share the gradient in equal parts. */
export function min(x: Tensor, axes?: readonly number[], options: ReduceOptions = {}): Tensor {
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

type Spread = (g: Tensor, values: { x: Tensor; y: Tensor; kept: Shape }, count: number) => Tensor;

function reduce(
  op: string,
  x: Tensor,
  axes: readonly number[] | undefined,
  options: ReduceOptions,
  rule: Spread,
): Tensor {
  const keepDims = options.keepDims ?? false;
  const reduced = reducedShape(op, x.shape, axes, keepDims);
  if (reduced.axes.length === 0) return x;
  const count = reduced.axes.reduce((product, axis) => product * x.shape[axis]!, 1);
  return applySingle(op, [x, indices(reduced.axes)], {
    attributes: { keepdims: { int: keepDims ? 1 : 0 } },
    dtype: x.dtype,
    shape: reduced.shape,
    gradient: ([g], node) => {
      const values = { x, y: node.outputs[0]!, kept: reduced.kept };
      return [expand(rule(reshape(g!, reduced.kept), values, count), x.shape)];
    },
  });
}

function shareAmongTied(g: Tensor, { x, y, kept }: { x: Tensor; y: Tensor; kept: Shape }): Tensor {
  const tied = cast(equal(x, reshape(y, kept)), x.dtype);
  const axes = kept.flatMap((length, axis) => length === 1 && x.shape[axis] !== 1 ? [axis] : []);
  const ties = axes.length === 0 ? tied : sum(tied, axes, { keepDims: true });
  return mul(tied, div(g, ties));
}
