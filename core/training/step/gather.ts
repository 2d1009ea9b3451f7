/**
 * What the processes of a step tell each other of a batch: the rows of all of them, and back from the
 * gradients at these to those at a process's own rows.
 *
 * @module
 */
import { sizeOf } from "../../graph/node.ts";
import type { HostRows } from "../../towers/host_rows.ts";
import type { Exchange } from "./exchange.ts";
import type { EmbeddedBatch, RowGroup, TowerRows } from "./tower_rows.ts";

/** The batch of all processes. */
export interface Gathered extends EmbeddedBatch {
  /** The first of this process's rows in it. */
  readonly first: number;
}

/** Puts the batches of all processes together; they have the same groups. */
export async function gather(own: EmbeddedBatch, exchange: Exchange): Promise<Gathered> {
  const { rows, image, text } = own;
  if (exchange.size === 1) return { rows, image, text, first: 0 };
  const counts = await exchange.gather(Float32Array.of(rows));
  const sum = (some: Float32Array) => some.reduce((a, b) => a + b, 0);
  return {
    rows: sum(counts),
    first: sum(counts.subarray(0, exchange.rank)),
    image: await gatherTower(image, rows, exchange),
    text: await gatherTower(text, rows, exchange),
  };
}

async function gatherTower(
  { groups, source }: TowerRows,
  batch: number,
  exchange: Exchange,
): Promise<TowerRows> {
  if (source.kind === "inside") {
    throw new TypeError("gather: expected the rows of a tower, found a tower that is still to run");
  }
  const parts: Float32Array[] = [];
  const all: RowGroup[] = [];
  let start = 0;
  for (const { name, count, present } of groups) {
    const end = start + batch * count;
    parts.push(await exchange.gather(rowsBetween(source.rows, start, end)));
    all.push({ name, count, present: await exchange.gather(present) });
    start = end;
  }
  const rows = { shape: source.rows.shape, values: concatenate(parts) };
  return { groups: all, source: { ...source, rows } };
}

/**
 * Of values at the rows of all processes those at this one's.
 *
 * @param values `[rows, …]`, in the order of {@linkcode TowerRows}.
 * @param own How many rows of the batch are this process's.
 */
export function ownRows(
  values: HostRows,
  groups: readonly RowGroup[],
  { rows, first }: Pick<Gathered, "rows" | "first">,
  own: number,
): HostRows {
  if (own === rows) return values;
  const parts: Float32Array[] = [];
  let start = 0;
  for (const { count } of groups) {
    const from = start + first * count;
    parts.push(rowsBetween(values, from, from + own * count));
    start += rows * count;
  }
  return { shape: values.shape, values: concatenate(parts) };
}

function rowsBetween({ values, shape }: HostRows, start: number, end: number): Float32Array {
  const each = sizeOf(shape);
  return values.subarray(start * each, end * each);
}

function concatenate(parts: readonly Float32Array[]): Float32Array {
  const all = new Float32Array(parts.reduce((sum, { length }) => sum + length, 0));
  let start = 0;
  for (const part of parts) {
    all.set(part, start);
    start += part.length;
  }
  return all;
}
