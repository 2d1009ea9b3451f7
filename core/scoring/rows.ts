/**
 * Embeddings as the evaluators see them: rows of one matrix, `count × dim` values.
 *
 * @module
 */

import { checkEmbeddings } from "../embedding_error.ts";

/**
 * The number of rows of a matrix of embeddings, each of which has a direction.
 *
 * @throws {RangeError} if `dim` is not a whole number of at least 1.
 * @throws {EmbeddingError} if a row is not finite or has length 0.
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
  checkEmbeddings(name, matrix, dim);
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

/**
 * Visits the dot product of every row of `a` with every row of `b`, each to the last bit what
 * {@linkcode dotRows} gives, in no certain order. Nothing is kept, and eight are computed at a time,
 * which takes half the time.
 *
 * @param visit Called with the row of `a`, the row of `b` and their product.
 */
export function visitDots(
  a: Float32Array,
  b: Float32Array,
  dim: number,
  visit: (i: number, j: number, dot: number) => void,
): void {
  const rows = a.length / dim;
  const columns = b.length / dim;
  const wholeRows = rows - rows % 2;
  const wholeColumns = columns - columns % 4;
  for (let j = 0; j < wholeColumns; j += 4) {
    for (let i = 0; i < wholeRows; i += 2) visitBlock(a, i, b, j, dim, visit);
  }
  // What fills no block of 2 × 4.
  for (let i = 0; i < rows; i++) {
    for (let j = i < wholeRows ? wholeColumns : 0; j < columns; j++) {
      visit(i, j, dotRows(a, i, b, j, dim));
    }
  }
}

/** Two rows with four: every value that is loaded serves twice or four times. */
function visitBlock(
  a: Float32Array,
  i: number,
  b: Float32Array,
  j: number,
  dim: number,
  visit: (i: number, j: number, dot: number) => void,
): void {
  const p0 = i * dim, p1 = p0 + dim;
  const q0 = j * dim, q1 = q0 + dim, q2 = q1 + dim, q3 = q2 + dim;
  let s00 = 0, s01 = 0, s02 = 0, s03 = 0;
  let s10 = 0, s11 = 0, s12 = 0, s13 = 0;
  for (let k = 0; k < dim; k++) {
    const x0 = a[p0 + k]!, x1 = a[p1 + k]!;
    const y0 = b[q0 + k]!, y1 = b[q1 + k]!, y2 = b[q2 + k]!, y3 = b[q3 + k]!;
    s00 += x0 * y0;
    s01 += x0 * y1;
    s02 += x0 * y2;
    s03 += x0 * y3;
    s10 += x1 * y0;
    s11 += x1 * y1;
    s12 += x1 * y2;
    s13 += x1 * y3;
  }
  visit(i, j, s00);
  visit(i, j + 1, s01);
  visit(i, j + 2, s02);
  visit(i, j + 3, s03);
  visit(i + 1, j, s10);
  visit(i + 1, j + 1, s11);
  visit(i + 1, j + 2, s12);
  visit(i + 1, j + 3, s13);
}
