import { placesOf, stridesOf } from "../places.ts";
import type { Shape } from "../tensor.ts";

/** From two numbers to one. */
export type Combine = (a: number, b: number) => number;

/** Values of one shape stretched to another, as NumPy does. */
export function broadcastValues(values: readonly number[], from: Shape, to: Shape): number[] {
  const lead = to.length - from.length;
  const own = stridesOf(from);
  const strides = to.map((_, axis) =>
    axis < lead || from[axis - lead] === 1 ? 0 : own[axis - lead]!
  );
  return pickValues(values, to, strides);
}

/** The values at all places of a shape, by the distances between them. */
export function pickValues(
  values: readonly number[],
  shape: Shape,
  strides: readonly number[],
  start = 0,
): number[] {
  return placesOf(shape, strides, start).map((place) => values[place]!);
}

/** Two tensors' values, element by element, stretched to a common shape. */
export function binaryValues(
  combine: Combine,
  [first, second, shape]: readonly [Shape, Shape, Shape],
  a: readonly number[],
  b: readonly number[],
): number[] {
  const right = broadcastValues(b, second, shape);
  return broadcastValues(a, first, shape).map((value, i) => combine(value, right[i]!));
}
