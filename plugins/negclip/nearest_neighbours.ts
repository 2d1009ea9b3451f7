import { matmul, transpose } from "../../core/graph/linear.ts";
import { apply, indices, input } from "../../core/graph/node.ts";
import type { Tensor } from "../../core/graph/tensor.ts";
import type { Device, Program } from "../../core/device/device.ts";
import { checkEmbeddings } from "../../core/embedding_error.ts";

/** What {@linkcode nearestNeighbours} is asked for. */
export interface NeighbourOptions {
  /** Where rows are compared. */
  readonly device: Device;
  /** Length of a row. */
  readonly dim: number;
  /** How many neighbours a row gets. */
  readonly neighbours: number;
  /** Rows compared at a time; memory follows it. Default 2048. */
  readonly block?: number;
  /** Hears how many rows are done. */
  readonly onProgress?: (done: number) => void;
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
  { device, dim, neighbours, block = 2048, onProgress = () => {} }: NeighbourOptions,
): Promise<Int32Array> {
  checkEmbeddings("rows", rows, dim);
  const count = rows.length / dim;
  const kept = Math.min(neighbours, count - 1);
  const result = new Int32Array(count * Math.max(kept, 0));
  if (kept < 1) return result;
  for (let start = 0; start < count; start += block) {
    const size = Math.min(block, count - start);
    const best = Array.from({ length: size }, (): Candidate[] => []);
    const queries = device.upload(
      rows.slice(start * dim, (start + size) * dim),
      [size, dim],
      "float32",
    );
    for (let from = 0; from < count; from += block) {
      const width = Math.min(block, count - from);
      // One more, as a row is its own nearest.
      const top = Math.min(kept + 1, width);
      const program = await nearestProgram(device, size, width, dim, top);
      const keys = device.upload(
        rows.slice(from * dim, (from + width) * dim),
        [width, dim],
        "float32",
      );
      const { similarity, place } = await program.run({ queries, keys });
      const similarities = await similarity!.read() as Float32Array;
      const places = await place!.read() as BigInt64Array;
      for (const tensor of [keys, similarity!, place!]) tensor.dispose();
      for (let i = 0; i < size; i++) {
        for (let j = i * top; j < (i + 1) * top; j++) {
          best[i]!.push({ row: from + Number(places[j]), similarity: similarities[j]! });
        }
        best[i] = nearestOf(best[i]!, start + i, kept);
      }
    }
    queries.dispose();
    for (const [i, found] of best.entries()) {
      result.set(found.map(({ row }) => row), (start + i) * kept);
    }
    onProgress(start + size);
  }
  return result;
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
