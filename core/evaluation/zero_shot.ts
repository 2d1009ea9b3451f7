import { countRows, dotRows } from "./rows.ts";

/**
 * One classifier row a class from the embeddings of its prompts: each normalised, their mean, that
 * normalised (CLIP's prompt ensemble).
 *
 * @param prompts `[classes × templates, dim]`, the prompts of one class after those of another.
 * @param templates How many prompts a class has.
 * @returns `[classes, dim]`, rows of unit length.
 * @throws {TypeError} if the prompts do not make whole classes.
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
  for (let row = 0; row < classes; row++) {
    const length = Math.sqrt(dotRows(weights, row, weights, row, dim));
    for (let k = 0; k < dim; k++) weights[row * dim + k]! /= length;
  }
  return weights;
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
 * Zero-shot classification: every picture goes to the class whose weight is nearest. A tie counts
 * against the model.
 *
 * @param images `[pictures, dim]`
 * @param weights `[classes, dim]`, as of {@linkcode classWeights}.
 * @param labels For each picture the row of its class.
 * @throws {TypeError} if there are not as many labels as pictures.
 * @throws {RangeError} if a label is not the row of a class, or if there are no pictures.
 *
 * @example
 * ```ts
 * import { zeroShotScores } from "@syntagma/syntagma/evaluation";
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
  const classes = countRows("weights", weights, dim);
  const pictures = countRows("images", images, dim, labels.length);
  if (pictures === 0) throw new RangeError("images: expected at least one picture, found none");
  const seen = new Uint32Array(classes);
  const found = new Uint32Array(classes);
  let first = 0;
  let firstFive = 0;
  for (let i = 0; i < pictures; i++) {
    const label = labels[i]!;
    if (!Number.isInteger(label) || label < 0 || label >= classes) {
      throw new RangeError(`labels[${i}]: expected a row from 0 to ${classes - 1}, found ${label}`);
    }
    const before = countBefore(i, label);
    seen[label]!++;
    if (before < 5) firstFive++;
    if (before > 0) continue;
    first++;
    found[label]!++;
  }
  const recalls = [...seen].flatMap((count, label) => count === 0 ? [] : [found[label]! / count]);
  return {
    acc1: first / pictures,
    acc5: firstFive / pictures,
    mean_per_class_recall: recalls.reduce((sum, recall) => sum + recall, 0) / recalls.length,
  };

  /** How many wrong classes are at least as near as the right one. */
  function countBefore(image: number, label: number): number {
    const own = dotRows(images, image, weights, label, dim);
    let before = 0;
    for (let row = 0; row < classes; row++) {
      if (row !== label && dotRows(images, image, weights, row, dim) >= own) before++;
    }
    return before;
  }
}
