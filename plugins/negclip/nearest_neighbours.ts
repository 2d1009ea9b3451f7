import { matmul, transpose } from "../../core/graph/linear.ts";
import { apply, indices, input } from "../../core/graph/node.ts";
import type { Tensor } from "../../core/graph/tensor.ts";
import type { Device, Program } from "../../core/device/device.ts";
import { checkEmbeddings } from "../../core/embedding_error.ts";

/** What {@linkcode nearestAmong} is asked for. */
export interface NearestOptions {
  /** Where rows are compared. */
  readonly device: Device;
  /** Length of a row. */
  readonly dim: number;
  /** How many neighbours a row gets. */
  readonly neighbours: number;
}

/** What {@linkcode nearestNeighbours} is asked for. */
export interface NeighbourOptions extends NearestOptions {
  /** Rows compared at a time; memory follows it. Default {@linkcode ROWS_AT_ONCE}. */
  readonly block?: number;
  /** Hears how many rows are done. */
  readonly onProgress?: (done: number) => void;
}

/** Rows in a row. */
export interface RowBlock {
  /** The number of the first one among all. */
  readonly first: number;
  /** `[count, dim]` */
  readonly rows: Float32Array;
}

/** Rows that are compared at a time. */
export const ROWS_AT_ONCE = 2048;

/**
 * Rows as blocks of `size` and a last one with the rest.
 *
 * @param first The number of the first row.
 */
export function blocksOf(
  rows: Float32Array,
  dim: number,
  first = 0,
  size = ROWS_AT_ONCE,
): readonly RowBlock[] {
  const count = rows.length / dim;
  return Array.from({ length: Math.ceil(count / size) }, (_, block) => ({
    first: first + block * size,
    rows: rows.subarray(block * size * dim, Math.min(count, (block + 1) * size) * dim),
  }));
}

/**
 * The nearest neighbours of every row among the others, by their dot product, which is the cosine
 * for rows of unit length. Exact; computed block by block, so that memory does not grow with the
 * square of the rows. Of rows that are equally near the earlier one comes first.
 *
 * @param rows `[count, dim]`.
 * @returns `[count, min(neighbours, count − 1)]`, the nearest first.
 * @throws {EmbeddingError} if a row is not finite or has length 0.
 *
 * @example
 * ```ts
 * import { openDevice } from "../../core/host/devices/open_device.ts";
 * import { nearestNeighbours } from "./nearest_neighbours.ts";
 *
 * const device = await openDevice("cpu");
 * const rows = new Float32Array([1, 0, 0.6, 0.8, 0, 1]);
 * const found = await nearestNeighbours(rows, { device, dim: 2, neighbours: 1 });
 * console.assert(found.join() === "1,2,1");
 * await device.dispose();
 * ```
 */
export async function nearestNeighbours(
  rows: Float32Array,
  { device, dim, neighbours, block = ROWS_AT_ONCE, onProgress = () => {} }: NeighbourOptions,
): Promise<Int32Array> {
  checkEmbeddings("rows", rows, dim);
  const count = rows.length / dim;
  const kept = Math.max(0, Math.min(neighbours, count - 1));
  const result = new Int32Array(count * kept);
  if (kept === 0) return result;
  const blocks = blocksOf(rows, dim, 0, block);
  for (const queries of blocks) {
    const found = await nearestAmong(queries, blocks, { device, dim, neighbours: kept });
    result.set(found, queries.first * kept);
    onProgress(queries.first + found.length / kept);
  }
  return result;
}

/**
 * The nearest neighbours of some rows among all.
 *
 * @param queries Some of the rows.
 * @param all Every row, the earlier ones first; more than `neighbours` of them.
 * @returns `[queries, neighbours]`, the nearest first.
 */
export async function nearestAmong(
  queries: RowBlock,
  all: readonly RowBlock[],
  { device, dim, neighbours }: NearestOptions,
): Promise<Int32Array> {
  const size = queries.rows.length / dim;
  const best = Array.from({ length: size }, (): Candidate[] => []);
  const uploaded = device.upload(queries.rows.slice(), [size, dim], "float32");
  for (const { first, rows } of all) {
    const width = rows.length / dim;
    // One more, as a row is its own nearest.
    const top = Math.min(neighbours + 1, width);
    const program = await nearestProgram(device, size, width, dim, top);
    const keys = device.upload(rows.slice(), [width, dim], "float32");
    const { similarity, place } = await program.run({ queries: uploaded, keys });
    const similarities = await similarity!.read() as Float32Array;
    const places = await place!.read() as BigInt64Array;
    for (const tensor of [keys, similarity!, place!]) tensor.dispose();
    for (let i = 0; i < size; i++) {
      const have = best[i]!;
      // A later row that is as near as the last one of them comes behind it.
      if (have.length === neighbours && similarities[i * top]! <= have.at(-1)!.similarity) continue;
      for (let j = i * top; j < (i + 1) * top; j++) {
        have.push({ row: first + Number(places[j]), similarity: similarities[j]! });
      }
      best[i] = nearestOf(have, queries.first + i, neighbours);
    }
  }
  uploaded.dispose();
  return Int32Array.from(best.flatMap((found) => found.map(({ row }) => row)));
}

interface Candidate {
  readonly row: number;
  readonly similarity: number;
}

function nearestOf(candidates: readonly Candidate[], own: number, count: number): Candidate[] {
  return candidates.filter(({ row }) => row !== own)
    .sort((a, b) => b.similarity - a.similarity || a.row - b.row)
    .slice(0, count);
}

/** The `top` largest dot products of each query, and the places of their keys. */
function nearestProgram(
  device: Device,
  size: number,
  width: number,
  dim: number,
  top: number,
): Promise<Program> {
  return device.programs.get([nearestProgram], [size, width, dim, top].join(" "), () => {
    const queries = input("queries", "float32", [size, dim]);
    const keys = input("keys", "float32", [width, dim]);
    const [similarity, place] = apply("TopK", [matmul(queries, transpose(keys)), indices([top])], {
      attributes: { axis: { int: 1 } },
      // Of equal values ONNX puts the one with the lower place first.
      outputs: [
        { dtype: "float32", shape: [size, top] },
        { dtype: "int64", shape: [size, top] },
      ],
    }) as [Tensor, Tensor];
    return device.compile({ inputs: [queries, keys], outputs: { similarity, place } });
  });
}
