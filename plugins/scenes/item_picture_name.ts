/** The name of an item's picture in results; `drawItemPicture` draws it again. */
export function itemPictureName(dataset: string, seed: number, index: number): string {
  return `${dataset}/seed-${seed}/${index}`;
}

/** What such a name says; undefined for any other. */
export function parseItemPictureName(
  name: string,
): { readonly category: string; readonly seed: number; readonly index: number } | undefined {
  const [, category, seed, index] = /^scenes\/(\w+)\/seed-(-?\d+)\/(\d+)$/.exec(name) ?? [];
  return category === undefined
    ? undefined
    : { category, seed: Number(seed), index: Number(index) };
}
