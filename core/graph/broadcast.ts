/**
 * NumPy broadcasting: shapes are aligned at their last axis, and an axis of length 1 stretches.
 *
 * @module
 */
import { normalizeAxis, showShape } from "./node.ts";
import type { Shape } from "./tensor.ts";

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
