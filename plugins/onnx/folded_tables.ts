/**
 * Tables that exporters compute beforehand and that are no weights, by their values.
 *
 * @module
 */

/** An initializer's values. */
export interface Table {
  readonly shape: readonly number[];
  readonly values: Float32Array;
}

/** Larger values stand for minus infinity in masks. */
const ENDLESS = 1e30;

/**
 * Whether a table is a mask: it holds what is infinite or as good as, or one value throughout more axes
 * than a bias has.
 */
export function isMask({ shape, values }: Table): boolean {
  return values.some((value) => !(Math.abs(value) < ENDLESS)) ||
    shape.length > 2 && isUniform({ shape, values }) && !isOfChannels(shape);
}

/** Whether a shape is `[channels, 1, 1]`, as exporters lay out what a picture's channels are scaled by. */
function isOfChannels(shape: readonly number[]): boolean {
  return shape.at(-1) === 1 && shape.filter((length) => length > 1).length === 1;
}

function isUniform({ values }: Table): boolean {
  return values.every((value) => value === values[0]);
}

/**
 * Whether a table has the same for each of a fixed batch, along any axis: trained, its parts would come
 * to differ, and a picture's embedding would hang on its place in the batch.
 */
export function isRepeated({ shape, values }: Table, batch: number | undefined): boolean {
  if (batch === undefined || batch < 2 || shape.length < 2) return false;
  return shape.some((length, axis) => {
    if (length % batch !== 0) return false;
    // Places of one part of the axis, and from one place along the axes before it to the next.
    const inner = shape.slice(axis).reduce((product, each) => product * each, 1);
    const part = inner / batch;
    return values.every((value, i) => value === values[i - i % inner + i % part]);
  });
}

/**
 * Whether two tables are cosines and sines of the same angles: `a² + b² = 1` throughout. Ones and zeros
 * alone are the scale and the bias of a norm that was not trained.
 */
export function isCircle(a: Table, b: Table): boolean {
  return a.shape.join() === b.shape.join() && !isUniform(a) &&
    a.values.every((value, i) => Math.abs(value ** 2 + b.values[i]! ** 2 - 1) < 1e-5);
}
