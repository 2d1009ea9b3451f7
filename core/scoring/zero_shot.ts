import { checkEmbeddings } from "../embedding_error.ts";
import { countRows, dotRows } from "./rows.ts";

/**
 * One classifier row a class from the embeddings of its prompts: each normalised, their mean, that
 * normalised (CLIP's prompt ensemble).
 *
 * @param prompts `[classes × templates, dim]`, the prompts of one class after those of another.
 * @param templates How many prompts a class has.
 * @returns `[classes, dim]`, rows of unit length.
 * @throws {TypeError} if the prompts do not make whole classes.
 * @throws {EmbeddingError} if a prompt's row is not finite or has length 0, or a class's mean has.
 */
export function classWeights(prompts: Float32Array, dim: number, templates: number): Float32Array {
  const rows = countRows("prompts", prompts, dim);
  const classes = rows / templates;
  if (!Number.isInteger(classes)) {
    throw new TypeError(`prompts: expected a multiple of ${templates} rows, found ${rows}`);
  }
  const weights = new Float32Array(classes * dim);
  for (let row = 0; row < rows; row++) {
    const length = Math.sqrt(dotRows(prompts, row, prompts, row, dim));
    const at = Math.floor(row / templates) * dim;
    for (let k = 0; k < dim; k++) weights[at + k]! += prompts[row * dim + k]! / length;
  }
  checkEmbeddings("prompts", weights, dim, (row) => `class ${row}, the mean of its prompts,`);
  for (let row = 0; row < classes; row++) {
    const length = Math.sqrt(dotRows(weights, row, weights, row, dim));
    for (let k = 0; k < dim; k++) weights[row * dim + k]! /= length;
  }
  return weights;
}

/** How near a picture is to its own class and to the others. */
export interface ClassRank {
  /** How many wrong classes come before the right one: nearer ones, and earlier ones as near. */
  readonly before: number;
  /** The cosine with the right class. */
  readonly own: number;
  /** The nearest wrong class, the first of equally near ones; -1 where there is no other class. */
  readonly rival: number;
  /** The cosine with it; -Infinity where there is none. */
  readonly other: number;
}

/**
 * Compares every picture with every class. Of equally near classes the first wins, as in the field's
 * code: two of OpenAI's names stand for two classes of ImageNet each, which always tie.
 *
 * @param images `[pictures, dim]`
 * @param weights `[classes, dim]`, as of {@linkcode classWeights}.
 * @param labels For each picture the row of its class.
 * @throws {TypeError} if there are not as many labels as pictures.
 * @throws {RangeError} if a label is not the row of a class, or if there are no pictures.
 */
export function classRanks(
  images: Float32Array,
  weights: Float32Array,
  labels: ArrayLike<number>,
  dim: number,
): ClassRank[] {
  const classes = countRows("weights", weights, dim);
  const pictures = countRows("images", images, dim, labels.length);
  if (pictures === 0) throw new RangeError("images: expected at least one picture, found none");
  return Array.from({ length: pictures }, (_, i) => {
    const label = labels[i]!;
    if (!Number.isInteger(label) || label < 0 || label >= classes) {
      throw new RangeError(`labels[${i}]: expected a row from 0 to ${classes - 1}, found ${label}`);
    }
    const own = dotRows(images, i, weights, label, dim);
    let [before, rival, other] = [0, -1, -Infinity];
    for (let row = 0; row < classes; row++) {
      if (row === label) continue;
      const score = dotRows(images, i, weights, row, dim);
      if (score > own || score === own && row < label) before++;
      if (score > other) [rival, other] = [row, score];
    }
    return { before, own, rival, other };
  });
}

/** Scores of a classification, by CLIP_benchmark's names. */
export interface ZeroShotScores {
  /** The share of pictures whose nearest class is their own. */
  readonly acc1: number;
  /** The share of pictures whose own class is among the five nearest. */
  readonly acc5: number;
  /** The mean, over the classes that occur, of the share of their pictures that `acc1` counts. */
  readonly mean_per_class_recall: number;
}

/**
 * Zero-shot classification: every picture goes to the class whose weight is nearest, of equally near
 * ones to the first.
 *
 * @throws {TypeError} if there are not as many labels as pictures.
 * @throws {RangeError} if a label is not the row of a class, or if there are no pictures.
 *
 * @example
 * ```ts
 * import { zeroShotScores } from "./zero_shot.ts";
 *
 * const images = Float32Array.of(1, 0, 0, 1, 0.6, 0.8);
 * const weights = Float32Array.of(1, 0, 0, 1);
 * const { acc1, mean_per_class_recall } = zeroShotScores(images, weights, [0, 1, 0], 2);
 * console.assert(acc1 === 2 / 3 && mean_per_class_recall === 0.75);
 * ```
 */
export function zeroShotScores(
  images: Float32Array,
  weights: Float32Array,
  labels: ArrayLike<number>,
  dim: number,
): ZeroShotScores {
  const ranks = classRanks(images, weights, labels, dim);
  const seen = new Map<number, number>();
  const found = new Map<number, number>();
  for (const [i, { before }] of ranks.entries()) {
    const label = labels[i]!;
    seen.set(label, (seen.get(label) ?? 0) + 1);
    if (before === 0) found.set(label, (found.get(label) ?? 0) + 1);
  }
  const recalls = [...seen].map(([label, count]) => (found.get(label) ?? 0) / count);
  const share = (k: number) => ranks.filter(({ before }) => before < k).length / ranks.length;
  return {
    acc1: share(1),
    acc5: share(5),
    mean_per_class_recall: recalls.reduce((sum, recall) => sum + recall, 0) / recalls.length,
  };
}
