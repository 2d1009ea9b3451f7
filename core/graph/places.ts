import { sizeOf } from "./node.ts";
import type { Shape } from "./tensor.ts";

/** Distances of neighbours along each axis, in row-major order. */
export function stridesOf(shape: Shape): readonly number[] {
  return shape.map((_, axis) => sizeOf(shape.slice(axis + 1)));
}

/** Where the elements of a shape stand, by the distances of neighbours along each axis. */
export function placesOf(
  shape: Shape,
  strides: readonly number[],
  start = 0,
): readonly number[] {
  let places = [start];
  for (const [axis, length] of shape.entries()) {
    const next: number[] = [];
    for (const place of places) {
      for (let i = 0; i < length; i++) next.push(place + i * strides[axis]!);
    }
    places = next;
  }
  return places;
}
