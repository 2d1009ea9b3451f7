/**
 * Embeddings as the evaluators see them: rows of one matrix, `count × dim` values.
 *
 * @module
 */

/**
 * The number of rows of a matrix.
 *
 * @throws {RangeError} if `dim` is not a whole number of at least 1.
 * @throws {TypeError} if the values do not fill whole rows, or other than `expected` of them.
 */
export function countRows(
  name: string,
  matrix: Float32Array,
  dim: number,
  expected?: number,
): number {
  if (!Number.isInteger(dim) || dim < 1) {
    throw new RangeError(`dim: expected a whole number of at least 1, found ${dim}`);
  }
  const rows = matrix.length / dim;
  if (!Number.isInteger(rows) || (expected !== undefined && rows !== expected)) {
    const wanted = expected === undefined ? "whole rows" : `${expected} rows`;
    throw new TypeError(
      `${name}: expected ${wanted} of ${dim} values, found ${matrix.length} values`,
    );
  }
  return rows;
}

/**
 * The dot product of row `i` of `a` and row `j` of `b`: their cosine, where rows have unit length.
 * Equal rows give equal results to the last bit, so that a tie is seen as a tie.
 */
export function dotRows(
  a: Float32Array,
  i: number,
  b: Float32Array,
  j: number,
  dim: number,
): number {
  let sum = 0;
  for (let k = 0, p = i * dim, q = j * dim; k < dim; k++) sum += a[p + k]! * b[q + k]!;
  return sum;
}
