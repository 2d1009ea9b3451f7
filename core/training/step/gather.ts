/**
 * What the processes of a step tell each other of a batch: the rows of all of them, and back from the
 * gradients at these to those at a process's own rows.
 *
 * @module
 */
import { sizeOf } from "../../graph/node.ts";
import { copyRows, type HostRows, type TowerValues, zeroRows } from "../../towers/host_rows.ts";
import { type Identity, identityOfNames, textNames } from "../loop/identity.ts";
import type { TextGroup } from "../loop/text_group.ts";
import type { Exchange } from "./exchange.ts";
import type { BatchRows, EmbeddedBatch, RowGroup, TeacherName, TowerRows } from "./tower_rows.ts";

/** The batch of all processes. */
export interface Gathered extends EmbeddedBatch {
  /** The first of this process's rows in it. */
  readonly first: number;
}

/**
 * Puts the batches of all processes together; they have the same groups.
 *
 * @param texts The texts of this process's batch.
 */
export async function gather(
  own: EmbeddedBatch,
  texts: readonly TextGroup[],
  exchange: Exchange,
): Promise<Gathered> {
  const { rows, image, text } = own;
  if (exchange.size === 1) return { ...own, first: 0 };
  const counts = await exchange.gather(Float32Array.of(rows));
  const sum = (some: Float32Array) => some.reduce((a, b) => a + b, 0);
  const teachers: Partial<Record<TeacherName, BatchRows>> = {};
  for (const name of ["frozen", "averaged"] as const) {
    const taught = own.teachers[name];
    if (taught !== undefined) teachers[name] = await gatherTowers(taught, rows, exchange);
  }
  return {
    rows: sum(counts),
    first: sum(counts.subarray(0, exchange.rank)),
    ...await gatherTowers({ image, text }, rows, exchange),
    identity: await gatherIdentity(own.identity, texts, exchange),
    teachers,
  };
}

/** Numbers mean nothing beyond the batch that they were given in: names go round. */
async function gatherIdentity(
  { shows }: Identity,
  texts: readonly TextGroup[],
  exchange: Exchange,
): Promise<Identity> {
  const groups = [];
  for (const group of texts) {
    groups.push({
      name: group.name,
      present: await exchange.gather(group.present),
      names: await exchange.gatherNames(textNames(group)),
    });
  }
  return identityOfNames(await exchange.gatherNames(shows), groups);
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
  for (const [name, own] of Object.entries(source.values) as [string, HostRows][]) {
    values[name] = await gatherRows(await alike(own, exchange), groups, batch, exchange);
  }
  return { groups: all, source: { ...source, values: values as unknown as TowerValues } };
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
  return { shape: rows.shape, values: concatenate(parts) };
}

/** Rows as long as the longest of any process: texts have different numbers of tokens. */
async function alike(rows: HostRows, exchange: Exchange): Promise<HostRows> {
  const [length, ...rest] = rows.shape as readonly [number, ...number[]];
  if (rest.length === 0) return rows;
  const longest = Math.max(...await exchange.gather(Float32Array.of(length)));
  if (longest === length) return rows;
  const count = rows.values.length / sizeOf(rows.shape);
  const wide = zeroRows(count, [longest, ...rest]);
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
    return [name, { shape: rows.shape, values: concatenate(parts) }];
  });
  return Object.fromEntries(entries);
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
