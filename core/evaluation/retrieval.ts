import { countRows, dotRows } from "./rows.ts";

/** What {@linkcode retrievalRecall} compares. */
export interface RetrievalItems {
  /** `[pictures, dim]` */
  readonly images: Float32Array;
  /** `[texts, dim]` */
  readonly texts: Float32Array;
  /** For each text the row of its picture; every picture has at least one text. */
  readonly imageOfText: ArrayLike<number>;
}

/**
 * Recall at k both ways, by CLIP_benchmark's names: `image_retrieval_recall@k` is the share of texts
 * whose picture is among the k nearest pictures, `text_retrieval_recall@k` the share of pictures
 * with any of their own texts among the k nearest texts.
 *
 * Ties count against the model: what is equally near ranks before the right answer (the field's code
 * leaves their order to the sorting routine).
 *
 * @throws {TypeError} if `imageOfText` is not as long as there are texts.
 * @throws {RangeError} if it names a picture that is not there, or leaves one without a text.
 *
 * @example
 * ```ts
 * import { retrievalRecall } from "@syntagma/syntagma/evaluation";
 *
 * const images = Float32Array.of(1, 0, 0, 1);
 * const texts = Float32Array.of(1, 0, 0.8, 0.6);
 * const recall = retrievalRecall({ images, texts, imageOfText: [0, 1] }, 2, [1]);
 * // The second text is nearer to the first picture than to its own; both pictures find theirs.
 * console.assert(recall["image_retrieval_recall@1"] === 0.5);
 * console.assert(recall["text_retrieval_recall@1"] === 1);
 * ```
 */
export function retrievalRecall(
  { images, texts, imageOfText }: RetrievalItems,
  dim: number,
  ks: readonly number[] = [1, 5, 10],
): Record<string, number> {
  const imageCount = countRows("images", images, dim);
  const textCount = countRows("texts", texts, dim, imageOfText.length);
  const { ownScores, bestOwn } = scoreOwn();
  // How many wrong answers stand before the right one, for every text and for every picture.
  const beforeImage = new Uint32Array(textCount);
  const beforeText = new Uint32Array(imageCount);
  for (let i = 0; i < imageCount; i++) {
    const best = bestOwn[i]!;
    for (let j = 0; j < textCount; j++) {
      if (imageOfText[j] === i) continue;
      const score = dotRows(images, i, texts, j, dim);
      if (score >= ownScores[j]!) beforeImage[j]!++;
      if (score >= best) beforeText[i]!++;
    }
  }
  return Object.fromEntries([
    ...ks.map((k) => [`image_retrieval_recall@${k}`, shareBelow(beforeImage, k)]),
    ...ks.map((k) => [`text_retrieval_recall@${k}`, shareBelow(beforeText, k)]),
  ]);

  function scoreOwn(): { ownScores: Float64Array; bestOwn: Float64Array } {
    const ownScores = new Float64Array(textCount);
    const bestOwn = new Float64Array(imageCount).fill(-Infinity);
    for (let j = 0; j < textCount; j++) {
      const i = imageOfText[j]!;
      if (!Number.isInteger(i) || i < 0 || i >= imageCount) {
        throw new RangeError(
          `imageOfText[${j}]: expected a row from 0 to ${imageCount - 1}, found ${i}`,
        );
      }
      ownScores[j] = dotRows(images, i, texts, j, dim);
      bestOwn[i] = Math.max(bestOwn[i]!, ownScores[j]!);
    }
    const lonely = bestOwn.indexOf(-Infinity);
    if (lonely !== -1) {
      throw new RangeError(
        `imageOfText: expected a text for every picture, found none for ${lonely}`,
      );
    }
    return { ownScores, bestOwn };
  }
}

function shareBelow(ranks: Uint32Array, k: number): number {
  return ranks.reduce((hits, rank) => hits + (rank < k ? 1 : 0), 0) / ranks.length;
}
