import type { Random } from "../../core/random.ts";

/**
 * Up to `count` different items, drawn one after another, each time with the probabilities that the
 * weights of the items that are left give.
 */
export function weightedSample<T extends { readonly weight: number }>(
  items: readonly T[],
  count: number,
  random: Random,
): readonly T[] {
  const drawn: T[] = [];
  const taken = new Set<T>();
  let left = items.reduce((sum, { weight }) => sum + weight, 0);
  while (drawn.length < Math.min(count, items.length)) {
    let place = random.next() * left;
    let chosen: T | undefined;
    for (const item of items) {
      if (taken.has(item)) continue;
      // The last one left stands where rounding leaves none.
      chosen = item;
      place -= item.weight;
      if (place < 0) break;
    }
    drawn.push(chosen!);
    taken.add(chosen!);
    left -= chosen!.weight;
  }
  return drawn;
}
