/**
 * A batch's rows of one tower: which there are, and where they come from.
 *
 * @module
 */
import type { HostRows } from "../../towers/host_rows.ts";
import type { TowerPart } from "../../towers/tower_part.ts";

/** The pictures or texts of one group: so many a row of the batch. */
export interface RowGroup {
  /** As the composer and the loss name it. */
  readonly name: string;
  /** How many a row of the batch has. */
  readonly count: number;
  /** `[batch, count]`: 1 where there is one, else 0. */
  readonly present: Float32Array;
}

/** Where the loss's program has a tower's rows from. */
export type RowSource =
  /** The tower stands inside the program. */
  | { readonly kind: "inside"; readonly part: TowerPart }
  /** It was run before; if it is trained, the gradient at its rows is to be found. */
  | { readonly kind: "before"; readonly rows: HostRows; readonly trained: boolean };

/** The rows of one tower: its groups one after another, each row by row of the batch. */
export interface TowerRows {
  readonly groups: readonly RowGroup[];
  readonly source: RowSource;
}

/** What a loss is computed on. */
export interface EmbeddedBatch {
  /** Rows of the batch. */
  readonly rows: number;
  readonly image: TowerRows;
  readonly text: TowerRows;
}

/** How many rows the tower gives. */
export function countRows(batch: number, groups: readonly RowGroup[]): number {
  return groups.reduce((sum, { count }) => sum + batch * count, 0);
}
