import type { DataFault } from "../../../core/dataset.ts";

/** What was left out: the first ones as they are, and how many in all. */
export interface FaultList {
  readonly faults: readonly DataFault[];
  readonly count: number;
}

/** Faults that more are added to. */
export interface GrowingFaultList extends FaultList {
  /** Notes that a row or file cannot be used. */
  add(where: string, reason: string): void;
}

/** Faults that are kept as they are: where all pictures of a large table are missing, few tell it. */
const KEPT = 10_000;

/** Starts with no faults. */
export function createFaultList(): GrowingFaultList {
  const faults: DataFault[] = [];
  let count = 0;
  return {
    faults,
    get count() {
      return count;
    },
    add(where, reason) {
      if (++count <= KEPT) faults.push({ where, reason });
    },
  };
}
