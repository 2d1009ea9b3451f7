import type { BenchmarkItem, BenchmarkSubset } from "./benchmark_item.ts";

/** How many items there are of all kinds together. */
export interface KindCounts {
  /** Names the benchmark in errors. */
  readonly name: string;
  /** How many items the authors have. */
  readonly official: number;
  /** Whether fewer are scored. */
  readonly partial: boolean;
}

/**
 * Items by kind, where the authors tell how many there are in all and not of each kind. Where some
 * are missing and that is asked for, a kind says that it is partial, of the most that it can have: as
 * if all missing ones were of that kind.
 *
 * @throws {RangeError} if there are more items than the authors', or fewer and that is not asked for.
 */
export function splitByKind(
  items: readonly { readonly dataset: string; readonly item: BenchmarkItem }[],
  { name, official, partial }: KindCounts,
): BenchmarkSubset[] {
  const lost = official - items.length;
  if (lost < 0 || lost > 0 && !partial) {
    throw new RangeError(
      `${name}: expected the ${official} items of its authors in its annotations, found ` +
        items.length + (lost < 0 ? "" : "; partial: true scores those that are there"),
    );
  }
  return [...Map.groupBy(items, ({ dataset }) => dataset)].map(([dataset, own]) => ({
    dataset,
    official: own.length + lost,
    items: own.map(({ item }) => item),
  }));
}
