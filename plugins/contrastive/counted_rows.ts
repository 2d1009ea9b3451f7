/**
 * Rows of a batch of which some do not count.
 *
 * @module
 */
import { cast } from "../../core/graph/cast.ts";
import { reshape } from "../../core/graph/linear.ts";
import { ones } from "../../core/graph/node.ts";
import { slice } from "../../core/graph/shape.ts";
import type { Tensor } from "../../core/graph/tensor.ts";

/** Embeddings, one a row of the batch, and which of them count. */
export interface CountedRows {
  /** `[batch, dim]`, of unit length. */
  readonly rows: Tensor;
  /** `[batch]`: 1 where the row counts, else 0. */
  readonly counted: Tensor;
}

/** Rows of which all count. */
export function everyRow(rows: Tensor): CountedRows {
  return { rows, counted: ones([rows.shape[0]!], rows.dtype) };
}

/**
 * The embeddings in one place of a group; those that are there count.
 *
 * @param embeddings `[batch, count, dim]`.
 * @param present `[batch, count]`.
 */
export function rowsAt(embeddings: Tensor, present: Tensor, place: number): CountedRows {
  const [batch, , dim] = embeddings.shape as [number, number, number];
  const at = (tensor: Tensor) => slice(tensor, { axis: 1, start: place, end: place + 1 });
  return {
    rows: reshape(at(embeddings), [batch, dim]),
    counted: cast(reshape(at(present), [batch]), embeddings.dtype),
  };
}

/**
 * The embeddings of a group that has one a row; those that are there count.
 *
 * @param expected What the loss expects of a row, for the error.
 * @throws {TypeError} if a row has more.
 */
export function onlyRows(embeddings: Tensor, present: Tensor, expected: string): CountedRows {
  if (embeddings.shape[1] === 1) return rowsAt(embeddings, present, 0);
  throw new TypeError(`${expected} a row, found ${embeddings.shape[1]}`);
}
