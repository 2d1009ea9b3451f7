import { countRows, dotRows, visitDots } from "./rows.ts";

/** How near the right answers to some queries are, and how many wrong ones are at least as near. */
export interface Ranks {
  /** For each query how many wrong answers are at least as near as the nearest right one. */
  readonly before: Uint32Array;
  /** For each query its cosine with the nearest right answer. */
  readonly own: Float64Array;
  /** For each query its cosine with the nearest wrong answer; -Infinity where there is none. */
  readonly other: Float64Array;
}

/** {@linkcode Ranks} both ways. */
export interface RetrievalRanks {
  /** Of each text among the pictures, of which one is right. */
  readonly texts: Ranks;
  /** Of each picture among the texts, of which its own are right. */
  readonly images: Ranks;
}

/**
 * Finds for each text its picture among all pictures, and for each picture its texts among all
 * texts. The memory it needs is that of the answer: no matrix of all cosines is kept.
 *
 * Ties count against the model: what is equally near ranks before the right answer (the field's code
 * leaves their order to the sorting routine).
 *
 * @throws {TypeError} if `imageOfText` is not as long as there are texts.
 * @throws {RangeError} if it names a picture that is not there, or leaves one without a text.
 */
export function retrievalRanks(
  { images, texts, imageOfText }: Parameters<typeof retrievalRecall>[0],
  dim: number,
): RetrievalRanks {
  const imageCount = countRows("images", images, dim);
  const textCount = countRows("texts", texts, dim, imageOfText.length);
  const ofTexts = emptyRanks(textCount);
  const ofImages = emptyRanks(imageCount);
  for (let j = 0; j < textCount; j++) {
    const i = imageOfText[j]!;
    if (!Number.isInteger(i) || i < 0 || i >= imageCount) {
      throw new RangeError(
        `imageOfText[${j}]: expected a row from 0 to ${imageCount - 1}, found ${i}`,
      );
    }
    ofTexts.own[j] = dotRows(images, i, texts, j, dim);
    ofImages.own[i] = Math.max(ofImages.own[i]!, ofTexts.own[j]!);
  }
  const lonely = ofImages.own.indexOf(-Infinity);
  if (lonely !== -1) {
    throw new RangeError(
      `imageOfText: expected a text for every picture, found none for ${lonely}`,
    );
  }
  visitDots(images, texts, dim, (i, j, score) => {
    if (imageOfText[j] === i) return;
    if (score >= ofTexts.own[j]!) ofTexts.before[j]!++;
    if (score > ofTexts.other[j]!) ofTexts.other[j] = score;
    if (score >= ofImages.own[i]!) ofImages.before[i]!++;
    if (score > ofImages.other[i]!) ofImages.other[i] = score;
  });
  return { texts: ofTexts, images: ofImages };
}

/**
 * Recall at k both ways, by CLIP_benchmark's names: `image_retrieval_recall@k` is the share of texts
 * whose picture is among the k nearest pictures, `text_retrieval_recall@k` the share of pictures
 * with any of their own texts among the k nearest texts. Ties count against the model.
 *
 * @param items What is compared.
 * @param items.images `[pictures, dim]`.
 * @param items.texts `[texts, dim]`.
 * @param items.imageOfText For each text the row of its picture; every picture has at least one text.
 * @throws {TypeError} as {@linkcode retrievalRanks}.
 * @throws {RangeError} as {@linkcode retrievalRanks}.
 *
 * @example
 * ```ts
 * import { retrievalRecall } from "@syntagma/syntagma/scoring";
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
  items: {
    readonly images: Float32Array;
    readonly texts: Float32Array;
    readonly imageOfText: ArrayLike<number>;
  },
  dim: number,
  ks: readonly number[] = [1, 5, 10],
): Record<string, number> {
  const ranks = retrievalRanks(items, dim);
  return Object.fromEntries([
    ...ks.map((k) => [`image_retrieval_recall@${k}`, shareBelow(ranks.texts.before, k)]),
    ...ks.map((k) => [`text_retrieval_recall@${k}`, shareBelow(ranks.images.before, k)]),
  ]);
}

function emptyRanks(queries: number): Ranks {
  return {
    before: new Uint32Array(queries),
    own: new Float64Array(queries).fill(-Infinity),
    other: new Float64Array(queries).fill(-Infinity),
  };
}

function shareBelow(ranks: Uint32Array, k: number): number {
  return ranks.reduce((hits, rank) => hits + (rank < k ? 1 : 0), 0) / ranks.length;
}
