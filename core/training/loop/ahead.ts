import type { DualEncoder } from "../../model.ts";
import type { AnyObjective } from "../../objective.ts";
import type { Batch, BatchStream } from "./batches.ts";

/** Batches that are made before they are asked for. */
export interface Ahead {
  /** The next step's batch, or what it failed by. */
  next(): Promise<Batch>;
  /** Makes no more than what is under way. */
  stop(): void;
}

/** What {@linkcode composeAhead} needs beside the stream. */
export interface AheadOptions {
  /** The first step whose batch is made. */
  readonly from: number;
  /** The step after the last. */
  readonly total: number;
  /** Batches that are made or waiting while a step is computed. */
  readonly most: number;
  /** What a step's batch is composed for. */
  readonly objectiveOf: (step: number) => AnyObjective;
}

/**
 * Makes the batches of steps one after another, some before they are asked for: where objectives
 * take turns, one that is long to compose is made during the long steps of another.
 */
export function composeAhead(
  stream: Pick<BatchStream, "next">,
  { from, total, most, objectiveOf }: AheadOptions,
): Ahead {
  const waiting: Promise<Batch>[] = [];
  let begun = from;
  let last: Promise<unknown> = Promise.resolve();
  let stopped = false;
  const begin = (step: number): Promise<Batch> => {
    const batch = last.then(() => {
      if (stopped) throw new Error(`step ${step + 1}: its batch is not needed`);
      return stream.next(objectiveOf(step));
    });
    // Its error comes when it is asked for.
    batch.catch(() => {});
    return last = batch;
  };
  const fill = () => {
    while (waiting.length < most && begun < total) waiting.push(begin(begun++));
  };
  fill();
  return {
    next: async () => {
      const batch = await waiting.shift()!;
      fill();
      return batch;
    },
    stop: () => {
      stopped = true;
    },
  };
}

/** More would not make steps wait less. */
const MOST = 4;

/** What the pictures of batches that wait may take. */
const BYTES = 2 ** 27;

/** How many batches are made ahead: several where their pictures are small, else one. */
export function batchesAhead(
  { batch, objectives }: { readonly batch: number; readonly objectives: readonly AnyObjective[] },
  { preprocessing: { size } }: Pick<DualEncoder, "preprocessing">,
): number {
  const rows = batch * Math.max(...objectives.map(({ composer }) => composer.rows));
  const bytes = rows * 3 * size * size * Float32Array.BYTES_PER_ELEMENT;
  return Math.max(1, Math.min(MOST, Math.floor(BYTES / bytes)));
}
