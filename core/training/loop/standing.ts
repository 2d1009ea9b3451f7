import type { Cursor } from "./cursor.ts";

/** Where a run stands, beside its tensors. */
export interface Standing {
  /** Steps done. */
  readonly step: number;
  /** Where the next batch begins. */
  readonly next: Cursor;
  /** The epoch that the last batch began in. */
  readonly epoch: number;
}
