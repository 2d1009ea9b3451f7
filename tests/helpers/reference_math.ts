/**
 * Tensor arithmetic in plain loops, as NumPy defines it: slow, and too simple to be wrong in the
 * same way as a graph.
 *
 * @module
 */
import type { DType, Shape } from "../../core/graph/tensor.ts";

/** A tensor with its values, in row-major order; bool as 0 and 1. */
export interface Values {
  readonly shape: Shape;
  readonly data: readonly number[];
  /** Default float32. */
  readonly dtype?: DType;
}

/** A tensor from its shape and values. */
export function values(shape: Shape, data: readonly number[], dtype?: DType): Values {
  return { shape, data, ...(dtype === undefined ? {} : { dtype }) };
}

/** A tensor from a function of the index. */
export function tabulate(shape: Shape, f: (index: readonly number[]) => number): Values {
  let all: number[][] = [[]];
  for (const length of shape) {
    all = all.flatMap((index) => Array.from({ length }, (_, i) => [...index, i]));
  }
  return { shape, data: all.map(f) };
}

/** The element at an index; an axis of length 1 stretches, and surplus leading axes are ignored. */
export function at({ shape, data }: Values, index: readonly number[]): number {
  const lead = index.length - shape.length;
  let flat = 0;
  for (const [axis, length] of shape.entries()) {
    flat = flat * length + (length === 1 ? 0 : index[axis + lead]!);
  }
  return data[flat]!;
}

/** A function of one value for each element. */
export function map(x: Values, f: (value: number) => number): Values {
  return { shape: x.shape, data: x.data.map(f) };
}

/** A function of two values for each place of `shape`, to which both tensors stretch. */
export function zip(
  shape: Shape,
  a: Values,
  b: Values,
  f: (x: number, y: number) => number,
): Values {
  return tabulate(shape, (index) => f(at(a, index), at(b, index)));
}

/** A function of all values along the given axes, which stay with length 1. */
export function fold(
  x: Values,
  axes: readonly number[],
  f: (values: readonly number[]) => number,
): Values {
  const kept = x.shape.map((length, axis) => axes.includes(axis) ? 1 : length);
  const along = x.shape.map((length, axis) => axes.includes(axis) ? length : 1);
  return tabulate(
    kept,
    (index) => f(tabulate(along, (step) => at(x, index.map((i, axis) => i + step[axis]!))).data),
  );
}

/** The same values in another shape. */
export function shaped(x: Values, shape: Shape): Values {
  return { shape, data: x.data };
}

/** A value of each integer below `length`, added up. */
export function total(length: number, f: (i: number) => number): number {
  return Array.from({ length }, (_, i) => f(i)).reduce((a, b) => a + b, 0);
}

/** The axes in reverse order. */
export function flipped(x: Values): Values {
  return tabulate(x.shape.toReversed(), (index) => at(x, index.toReversed()));
}
