/**
 * A place in the endless order of examples.
 *
 * @module
 */
import type { DataSet } from "../../dataset.ts";
import { epochOrder } from "./epoch_order.ts";

/** A place in the endless order of examples: with the seed, all that says what comes next. */
export interface Cursor {
  /** Times through the data. */
  readonly epoch: number;
  /** Examples of this epoch's order that were taken or passed over. */
  readonly position: number;
  /**
   * Those that were passed over, by index, as they stood in the batch already from the epoch before;
   * they come next. Left out where there are none.
   */
  readonly due?: readonly number[];
}

/** Gives the examples of one batch after another. */
export interface ExampleOrder {
  /** Where the next example comes from. */
  readonly cursor: Cursor;
  /** Begins a batch: nothing stands in it. */
  begin(): void;
  /**
   * The next examples of one epoch that the batch does not hold, at most so many; they then stand in
   * the batch until {@linkcode ExampleOrder.leaveOut} takes them out.
   *
   * @returns none where all of an epoch was gone through: the batch holds every usable example.
   */
  take(most: number): { readonly epoch: number; readonly indices: readonly number[] };
  /** Takes an example that cannot be used out of the batch. */
  leaveOut(index: number): void;
}

/**
 * The order of a run's examples. Epoch e has all of them once, in the order that `(seed, e)` shuffles
 * them into. A batch that an epoch does not fill goes on with the next one; what stands in it already
 * is passed over there and comes first in the batch after it, so that no batch holds an example twice
 * and no epoch lacks one.
 */
export function createExampleOrder(
  data: Pick<DataSet, "length" | "stretches">,
  seed: number,
  from: Cursor,
): ExampleOrder {
  const { length } = data;
  let { epoch, position } = from;
  let order = epochOrder(data, seed, epoch);
  let due = [...from.due ?? []];
  /** Passed over in this batch. */
  let passed: number[] = [];
  /** Whether the batch has come to the beginning of an epoch. */
  let turned = false;
  const held = new Set<number>();

  return {
    get cursor() {
      const later = [...passed, ...due];
      return { epoch, position, ...(later.length === 0 ? {} : { due: later }) };
    },
    begin: () => {
      held.clear();
      due = [...passed, ...due];
      passed = [];
      turned = position === 0 && due.length === 0;
    },
    take: (most) => {
      const indices: number[] = [];
      while (indices.length < most) {
        if (due.length === 0 && position === length) {
          // One epoch at a time; and a second whole one has nothing that the first had not.
          if (indices.length > 0 || passed.length > 0 || turned) break;
          turned = true;
          epoch++;
          position = 0;
          order = epochOrder(data, seed, epoch);
          continue;
        }
        const index = due.shift() ?? order[position++]!;
        if (held.has(index)) passed.push(index);
        else {
          held.add(index);
          indices.push(index);
        }
      }
      return { epoch, indices };
    },
    leaveOut: (index) => held.delete(index),
  };
}
