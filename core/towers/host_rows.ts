import type { TowerOutputs } from "../model.ts";
import { sizeOf } from "../graph/node.ts";

/** Rows of one shape on the host, one for each picture or text. */
export interface HostRows {
  /** `[rows, …shape]`. */
  readonly values: Float32Array;
  /** The shape of a row. */
  readonly shape: readonly number[];
}

/** Rows of each of a tower's outputs, in the same order. */
export type TowerValues = { readonly [Name in keyof TowerOutputs]: HostRows };

/** So many rows of zeros. */
export function zeroRows(count: number, shape: readonly number[]): HostRows {
  return { values: new Float32Array(count * sizeOf(shape)), shape };
}

/**
 * Copies rows from one place to another. Where their first axis is of different lengths, the shorter
 * one's is copied.
 */
export function copyRows(
  from: HostRows,
  into: HostRows,
  pairs: Iterable<readonly [from: number, into: number]>,
): void {
  const [a, b] = [sizeOf(from.shape), sizeOf(into.shape)];
  const length = Math.min(a, b);
  for (const [row, place] of pairs) {
    into.values.set(from.values.subarray(row * a, row * a + length), place * b);
  }
}

/** As {@linkcode copyRows}, onto what is there: several rows may go to one place. */
export function addRows(
  from: HostRows,
  into: HostRows,
  pairs: Iterable<readonly [from: number, into: number]>,
): void {
  const [a, b] = [sizeOf(from.shape), sizeOf(into.shape)];
  const length = Math.min(a, b);
  for (const [row, place] of pairs) {
    for (let i = 0; i < length; i++) into.values[place * b + i]! += from.values[row * a + i]!;
  }
}
