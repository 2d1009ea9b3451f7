import { sizeOf } from "../graph/node.ts";
import type { ParameterSpec } from "../model.ts";

/**
 * Which of the processes sums each parameter's gradient and, where the optimiser's states are parted,
 * makes its update: the largest first, each to the one that has least of its part of the model, so
 * that all have about as much of every part. It follows from the parameters and the number alone.
 *
 * @returns Ranks by parameter name.
 */
export function placesOf(
  parameters: readonly ParameterSpec[],
  size: number,
): ReadonlyMap<string, number> {
  const places = new Map<string, number>();
  const all = new Array<number>(size).fill(0);
  for (const part of Map.groupBy(parameters, ({ part }) => part).values()) {
    const own = new Array<number>(size).fill(0);
    for (const { name, shape } of part.toSorted((a, b) => sizeOf(b.shape) - sizeOf(a.shape))) {
      let at = 0;
      for (let rank = 1; rank < size; rank++) {
        if (own[rank]! < own[at]! || own[rank] === own[at] && all[rank]! < all[at]!) at = rank;
      }
      places.set(name, at);
      own[at]! += sizeOf(shape);
      all[at]! += sizeOf(shape);
    }
  }
  return places;
}
