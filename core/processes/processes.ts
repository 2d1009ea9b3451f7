import { alone, type Exchange } from "./exchange.ts";

/** The processes that a run is shared by. */
export interface Processes {
  /** Where they meet for whatever comes one after another: steps, evaluations, checkpoints. */
  readonly exchange: Exchange;
  /** Where they meet beside that, for the batches that come next. */
  readonly beside: Exchange;
  /** How many of them are on this one's machine and share its memory. */
  readonly onMachine: number;
  /** Threads that this one is to compute with; 0 leaves it to the device. */
  readonly threads: number;
  /** Is told which folder a run goes on from, should a process die. */
  resumesFrom(folder: string): void;
}

/** A process that runs alone. */
export const aloneProcess: Processes = {
  exchange: alone,
  beside: alone,
  onMachine: 1,
  threads: 0,
  resumesFrom: () => {},
};
