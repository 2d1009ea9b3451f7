/**
 * What the processes of a step tell each other of a batch: the rows of all of them, and back from the
 * gradients at these to those at a process's own rows.
 *
 * @module
 */
import { concatenate } from "../../concatenate.ts";
import { sizeOf } from "../../graph/node.ts";
import { copyRows, type HostRows, type TowerValues, zeroRows } from "../../towers/host_rows.ts";
import { lengthened, type ReadGroup } from "../loop/read_group.ts";
import type { WholeBatch } from "../loop/whole_batch.ts";
import type { Exchange } from "../../processes/exchange.ts";
import type { BatchRows, EmbeddedBatch, RowGroup, TeacherName, TowerRows } from "./tower_rows.ts";

/** The batch of all processes. */
export interface Gathered extends EmbeddedBatch {
  /** The first of this process's rows in it. */
  readonly first: number;
}

/**
 * Puts the embeddings of all processes together.
 *
 * @param whole The batch that their rows are.
 */
export async function gather(
  own: Pick<EmbeddedBatch, "rows" | "image" | "text" | "teachers" | "read">,
  { ids: { length: rows }, first, identity, examples }: WholeBatch,
  exchange: Exchange,
): Promise<Gathered> {
  const { image, text } = own;
  const known = { identity, ...(examples && { examples }) };
  if (exchange.size === 1) return { ...own, ...known, first: 0 };
  const teachers: Partial<Record<TeacherName, BatchRows>> = {};
  for (const name of ["frozen", "averaged"] as const) {
    const taught = own.teachers[name];
    if (taught !== undefined) teachers[name] = await gatherTowers(taught, own.rows, exchange);
  }
  const towers = await gatherTowers({ image, text }, own.rows, exchange);
  const read: ReadGroup[] = [];
  for (const group of own.read) read.push(await gatherRead(group, exchange));
  return { rows, first, ...towers, ...known, teachers, read };
}

/** Texts as long as the longest of any process. */
async function gatherRead(own: ReadGroup, exchange: Exchange): Promise<ReadGroup> {
  const lengths = await exchange.gather(Float32Array.of(own.length));
  const wide = lengthened(own, Math.max(...lengths));
  return { ...wide, ids: await exchange.gather(wide.ids) };
}

async function gatherTowers(
  { image, text }: BatchRows,
  batch: number,
  exchange: Exchange,
): Promise<BatchRows> {
  return {
    image: await gatherTower(image, batch, exchange),
    text: await gatherTower(text, batch, exchange),
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
  const all: RowGroup[] = [];
  for (const { name, count, present, lengths } of groups) {
    all.push({
      ...{ name, count, present: await exchange.gather(present) },
      ...(lengths === undefined ? {} : { lengths: await exchange.gather(lengths) }),
    });
  }
  const values: Record<string, HostRows> = {};
  for (const [name, shape] of await sharedShapes(source.values, exchange)) {
    const own = (source.values as Readonly<Record<string, HostRows>>)[name];
    values[name] = await gatherRows(alike(own, shape), groups, batch, exchange);
  }
  return { groups: all, source: { ...source, values: values as unknown as TowerValues } };
}

/**
 * What a tower gives in any of the processes, with rows as long as the longest: texts have different
 * numbers of tokens, and a process all of whose examples were left out knows of nothing.
 */
async function sharedShapes(
  values: TowerValues,
  exchange: Exchange,
): Promise<ReadonlyMap<string, readonly number[]>> {
  const own = Object.entries(values).map(([name, { shape }]: [string, HostRows]) => [name, shape]);
  const shapes = new Map<string, readonly number[]>();
  for (const text of await exchange.gatherNames([JSON.stringify(own)])) {
    for (const [name, shape] of JSON.parse(text) as readonly [string, readonly number[]][]) {
      const known = shapes.get(name);
      if (known === undefined || shape[0]! > known[0]!) shapes.set(name, shape);
    }
  }
  return shapes;
}

async function gatherRows(
  rows: HostRows,
  groups: readonly RowGroup[],
  batch: number,
  exchange: Exchange,
): Promise<HostRows> {
  const parts: Float32Array[] = [];
  let start = 0;
  for (const { count } of groups) {
    const end = start + batch * count;
    parts.push(await exchange.gather(rowsBetween(rows, start, end)));
    start = end;
  }
  return { shape: rows.shape, values: concatenate(Float32Array, parts) };
}

/** Rows of that shape: none where there are none, and longer ones where theirs are shorter. */
function alike(rows: HostRows | undefined, shape: readonly number[]): HostRows {
  if (rows === undefined) return zeroRows(0, shape);
  if (rows.shape[0] === shape[0]) return rows;
  const count = rows.values.length / sizeOf(rows.shape);
  const wide = zeroRows(count, shape);
  copyRows(rows, wide, Array.from({ length: count }, (_, i) => [i, i] as const));
  return wide;
}

/**
 * Of values at the rows of all processes those at this one's.
 *
 * @param own How many rows of the batch are this process's.
 */
export function ownRows(
  values: TowerValues,
  groups: readonly RowGroup[],
  all: Pick<Gathered, "rows" | "first">,
  own: number,
): TowerValues {
  if (own === all.rows) return values;
  const entries = (Object.entries(values) as [string, HostRows][]).map(([name, rows]) => {
    const parts: Float32Array[] = [];
    let start = 0;
    for (const { count } of groups) {
      const from = start + all.first * count;
      parts.push(rowsBetween(rows, from, from + own * count));
      start += all.rows * count;
    }
    return [name, { shape: rows.shape, values: concatenate(Float32Array, parts) }];
  });
  return Object.fromEntries(entries);
}

function rowsBetween({ values, shape }: HostRows, start: number, end: number): Float32Array {
  const each = sizeOf(shape);
  return values.subarray(start * each, end * each);
}
