/** The largest difference of two arrays, relative to the largest value of the expected one. */
export function relativeDifference(found: ArrayLike<number>, expected: ArrayLike<number>): number {
  if (found.length !== expected.length) return Infinity;
  let scale = 0;
  let difference = 0;
  for (let i = 0; i < expected.length; i++) {
    scale = Math.max(scale, Math.abs(expected[i]!));
    difference = Math.max(difference, Math.abs(found[i]! - expected[i]!));
  }
  return difference === 0 ? 0 : difference / scale;
}

/** Rows of a matrix, each of unit length. */
export function unitRows(values: Float32Array, dim: number): Float32Array {
  return values.map((value, i) => {
    const start = i - i % dim;
    return value / Math.hypot(...values.subarray(start, start + dim));
  });
}
