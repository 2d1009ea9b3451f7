/**
 * NumPy broadcasting: shapes are aligned at their last axis, and an axis of length 1 stretches.
 *
 * @module
 */
import { gemm } from "./matmul.ts";
import { normalizeAxis, ones, sameShape, showShape, sizeOf } from "./node.ts";
import { sum } from "./reduce.ts";
import { reshape } from "./shape.ts";
import type { Shape, Tensor } from "./tensor.ts";

/**
 * The shape that two shapes broadcast to.
 *
 * @throws {TypeError} if they don't, naming both.
 */
export function broadcastShapes(operator: string, a: Shape, b: Shape): Shape {
  const rank = Math.max(a.length, b.length);
  return Array.from({ length: rank }, (_, axis) => {
    const x = a[axis - rank + a.length] ?? 1;
    const y = b[axis - rank + b.length] ?? 1;
    if (x !== y && x !== 1 && y !== 1) {
      throw new TypeError(
        `${operator}: shapes ${showShape(a)} and ${
          showShape(b)
        } do not broadcast (axis ${axis}: ${x} and ${y})`,
      );
    }
    return x === 1 ? y : x;
  });
}

/** The gradient of broadcasting: sums a tensor over the axes along which `shape` was stretched. */
export function sumTo(x: Tensor, shape: Shape): Tensor {
  if (sameShape(x.shape, shape)) return x;
  const lead = x.shape.length - shape.length;
  const axes = x.shape.flatMap((length, axis) =>
    axis < lead || (shape[axis - lead] === 1 && length !== 1) ? [axis] : []
  );
  const leading = axes.length > 0 && axes.every((axis, i) => axis === i);
  const reduced = axes.length === 0 ? x : leading ? sumLeading(x, axes.length) : sum(x, axes);
  return reshape(reduced, shape);
}

/**
 * The sum over the first axes, as a product with a row of ones: ONNX Runtime's matrix product is
 * several times as fast as its reduction over leading axes (bench/reduction_bench.ts).
 */
export function sumLeading(x: Tensor, count: number): Tensor {
  const rest = x.shape.slice(count);
  const rows = sizeOf(x.shape.slice(0, count));
  const flat = reshape(x, [rows, sizeOf(rest)]);
  return reshape(gemm(ones([1, rows], x.dtype), flat), rest);
}

/** A shape with the given axes removed, or kept with length 1. */
export function reducedShape(
  operator: string,
  shape: Shape,
  axes: readonly number[] | undefined,
  keepDims: boolean,
): { readonly axes: readonly number[]; readonly shape: Shape; readonly kept: Shape } {
  const all = axes?.map((axis) => normalizeAxis(operator, axis, shape.length)) ??
    shape.map((_, axis) => axis);
  if (new Set(all).size !== all.length) {
    throw new RangeError(`${operator}: expected different axes, found [${all.join(", ")}]`);
  }
  const kept = shape.map((length, axis) => all.includes(axis) ? 1 : length);
  return {
    axes: all,
    kept,
    shape: keepDims ? kept : shape.filter((_, axis) => !all.includes(axis)),
  };
}
