import type { DeviceTensor } from "../device/device.ts";

/**
 * Where processes that share a piece of work meet. All must call the same functions in the same
 * order; each call comes back when all have made it.
 *
 * In a step of training each of them embeds the rows of the batch that are its own; all get the rows
 * of all, compute the loss of the whole batch, and take the gradient at their own rows through the
 * towers; the sum of these gradients is the batch's, for any loss.
 */
export interface Exchange {
  /** Which of the processes this one is: 0 for the first. */
  readonly rank: number;
  /** How many there are. */
  readonly size: number;
  /** The rows of all processes, those of the first one first. All must have rows of one shape. */
  gather(rows: Float32Array): Promise<Float32Array>;
  /** The names of all processes, those of the first one first. */
  gatherNames(names: readonly string[]): Promise<readonly string[]>;
  /**
   * Adds each tensor up over all processes. The one that it is placed at then has the sum; what the
   * others have means nothing until it is shared.
   */
  sum(tensors: Iterable<Placed>): Promise<void>;
  /** Gives all processes the values of the one that each tensor is placed at. */
  share(tensors: Iterable<Placed>): Promise<void>;
}

/** A tensor that all processes have, and the one whose values count. */
export interface Placed {
  /** This process's own; of one shape in all of them. */
  readonly tensor: DeviceTensor;
  /** The rank of that one. */
  readonly at: number;
}

/** Tensors whose values are the first process's. */
export function placedFirst(tensors: Iterable<DeviceTensor>): readonly Placed[] {
  return Array.from(tensors, (tensor) => ({ tensor, at: 0 }));
}

/** The exchange of a process that works alone. */
export const alone: Exchange = {
  rank: 0,
  size: 1,
  gather: (rows) => Promise.resolve(rows),
  gatherNames: (names) => Promise.resolve(names),
  sum: () => Promise.resolve(),
  share: () => Promise.resolve(),
};
