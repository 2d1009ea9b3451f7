import { countRows, dotRows } from "./rows.ts";

/**
 * SugarCrepe's rule: the share of items in which the picture is nearer to the caption than to the
 * negative. A tie is wrong, as in SugarCrepe's own code.
 *
 * @param images `[items, dim]`
 * @param captions `[items, dim]`
 * @param negatives `[items, dim]`
 * @throws {TypeError} if the three have different numbers of rows.
 *
 * @example
 * ```ts
 * import { captionAccuracy } from "@syntagma/syntagma/scoring";
 *
 * const images = Float32Array.of(1, 0, 0, 1);
 * const captions = Float32Array.of(1, 0, 1, 0);
 * const negatives = Float32Array.of(0, 1, 0, 1);
 * console.assert(captionAccuracy(images, captions, negatives, 2) === 0.5);
 * ```
 */
export function captionAccuracy(
  images: Float32Array,
  captions: Float32Array,
  negatives: Float32Array,
  dim: number,
): number {
  const items = countRows("images", images, dim);
  countRows("captions", captions, dim, items);
  countRows("negatives", negatives, dim, items);
  return share(
    items,
    (i) => dotRows(images, i, captions, i, dim) > dotRows(images, i, negatives, i, dim),
  );
}

/** Embeddings of SugarCrepe++'s items, each `[items, dim]`. */
export interface TwoCaptionItems {
  /** The picture of each item. */
  readonly images: Float32Array;
  /** A true caption of each. */
  readonly captions: Float32Array;
  /** The same in other words. */
  readonly captions2: Float32Array;
  /** A false one. */
  readonly negatives: Float32Array;
}

/**
 * SugarCrepe++'s image-to-text rule: the share of items in which the picture is nearer to both
 * captions than to the negative. Ties are wrong.
 *
 * @throws {TypeError} if the matrices have different numbers of rows.
 */
export function imageToTextAccuracy(items: TwoCaptionItems, dim: number): number {
  const { images, captions, captions2, negatives } = items;
  return share(countItems(items, dim), (i) => {
    const negative = dotRows(images, i, negatives, i, dim);
    return dotRows(images, i, captions, i, dim) > negative &&
      dotRows(images, i, captions2, i, dim) > negative;
  });
}

/**
 * SugarCrepe++'s text-only rule: the share of items in which the two captions are nearer to each
 * other than either is to the negative. Ties are wrong.
 *
 * @throws {TypeError} if the matrices have different numbers of rows.
 */
export function textOnlyAccuracy(items: TwoCaptionItems, dim: number): number {
  const { captions, captions2, negatives } = items;
  return share(countItems(items, dim), (i) => {
    const positive = dotRows(captions, i, captions2, i, dim);
    return positive > dotRows(captions, i, negatives, i, dim) &&
      positive > dotRows(captions2, i, negatives, i, dim);
  });
}

function countItems(
  { images, captions, captions2, negatives }: TwoCaptionItems,
  dim: number,
): number {
  const count = countRows("images", images, dim);
  countRows("captions", captions, dim, count);
  countRows("captions2", captions2, dim, count);
  countRows("negatives", negatives, dim, count);
  return count;
}

function share(items: number, isRight: (item: number) => boolean): number {
  if (items === 0) throw new RangeError("expected at least one item to score, found none");
  let right = 0;
  for (let item = 0; item < items; item++) if (isRight(item)) right++;
  return right / items;
}
