/**
 * The name of an item's picture in results; `drawItemPicture` draws it again.
 *
 * @param picture Which of the item's pictures, from 0; only later ones than the first are numbered.
 */
export function itemPictureName(
  dataset: string,
  seed: number,
  index: number,
  picture = 0,
): string {
  return `${dataset}/seed-${seed}/${index}${picture === 0 ? "" : `/${picture}`}`;
}

/** What such a name says. */
export interface ItemPicture {
  readonly category: string;
  readonly seed: number;
  readonly index: number;
  readonly picture: number;
}

/** What such a name says; undefined for any other. */
export function parseItemPictureName(name: string): ItemPicture | undefined {
  const [, category, seed, index, picture = "0"] =
    /^scenes\/(\w+)\/seed-(-?\d+)\/(\d+)(?:\/([1-9]))?$/.exec(name) ?? [];
  return category === undefined ? undefined : {
    category,
    seed: Number(seed),
    index: Number(index),
    picture: Number(picture),
  };
}
