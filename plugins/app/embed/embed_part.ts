/**
 * Parts of an embedding: files of so many rows each, written whole or not at all.
 *
 * @module
 */
import { importLater } from "../../../core/import_later.ts";
import { writeSafetensors } from "../../../core/host/storage/safetensors_writer.ts";
import type { EmbedSet, RowFacts } from "./embed_set.ts";

/** How parts are written. */
export type PartFormat = "parquet" | "safetensors";

/** Some rows of a set, one after another. */
export interface Part {
  /** Its file's name without ending, as of {@linkcode partName}. */
  readonly name: string;
  readonly set: EmbedSet;
  /** The first row. */
  readonly start: number;
  readonly rows: number;
}

/** The name of a part's file without ending: `images-00003`. */
export function partName(kind: EmbedSet["kind"], place: number): string {
  return `${kind}-${String(place).padStart(5, "0")}`;
}

/** The name of the file that says which of a part's pictures cannot be decoded. */
export function faultsName(part: string): string {
  return `${part}.faults.jsonl`;
}

/** The parts of sets, in their order; which row is in which depends on `rowsAPart` alone. */
export function partsOf(sets: readonly EmbedSet[], rowsAPart: number): readonly Part[] {
  return sets.flatMap((set) =>
    Array.from({ length: Math.ceil(set.rows / rowsAPart) }, (_, place) => ({
      set,
      name: partName(set.kind, place),
      start: place * rowsAPart,
      rows: Math.min(rowsAPart, set.rows - place * rowsAPart),
    }))
  );
}

/** Rows that were embedded, with what stands beside each. */
export interface EmbeddedRows {
  /** `[facts.length, dim]` */
  readonly rows: Float32Array;
  readonly facts: readonly RowFacts[];
  readonly dim: number;
}

/**
 * Writes rows to a file: in Parquet the columns `id`, of captions `caption` and `text`, and `embedding`
 * (a list of float32); in safetensors the tensor `embedding`, and in its metadata `rows`, the rest as a
 * list in JSON.
 *
 * @throws {StorageError} if it cannot be written.
 */
export async function writePart(
  path: string,
  format: PartFormat,
  embedded: EmbeddedRows,
): Promise<void> {
  if (format === "parquet") {
    const { writeParquet } = await importLater<typeof import("./write_parquet.ts")>(
      "./write_parquet.ts",
      import.meta.url,
    );
    return await writeParquet(path, embedded);
  }
  const { rows, facts, dim } = embedded;
  await writeSafetensors(path, [{
    name: "embedding",
    dtype: "F32",
    shape: [facts.length, dim],
    data: new Float32Array(rows),
  }], { rows: JSON.stringify(facts) });
}
