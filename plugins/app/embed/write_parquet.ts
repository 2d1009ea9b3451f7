import { parquetWriteBuffer } from "hyparquet-writer";
import { writeFileAtomically } from "../../../core/host/storage/atomic_file.ts";
import type { EmbeddedRows } from "./embed_part.ts";

type Options = Parameters<typeof parquetWriteBuffer>[0];

/** Writes rows as Parquet: see `writePart`. */
export async function writeParquet(
  path: string,
  { rows, facts, dim }: EmbeddedRows,
): Promise<void> {
  const texts = facts.some(({ text }) => text !== undefined);
  const numbered = facts.some(({ caption }) => caption !== undefined);
  const columns: Options["columnData"] = [
    { name: "id", data: facts.map(({ id }) => id) },
    ...numbered ? [{ name: "caption", data: facts.map(({ caption }) => caption!) }] : [],
    ...texts ? [{ name: "text", data: facts.map(({ text }) => text!) }] : [],
    {
      name: "embedding",
      data: facts.map((_, row) => Array.from(rows.subarray(row * dim, (row + 1) * dim))),
      // Their bits are as good as random.
      codec: "UNCOMPRESSED",
      statistics: false,
    },
  ];
  const schema: Options["schema"] = [
    { name: "root", num_children: columns.length },
    { name: "id", type: "BYTE_ARRAY", converted_type: "UTF8", repetition_type: "REQUIRED" },
    ...numbered ? [{ name: "caption", type: "INT32", repetition_type: "REQUIRED" } as const] : [],
    ...texts
      ? [
        {
          ...{ name: "text", type: "BYTE_ARRAY", converted_type: "UTF8" } as const,
          repetition_type: "REQUIRED",
        } as const,
      ]
      : [],
    {
      ...{ name: "embedding", converted_type: "LIST" } as const,
      ...{ repetition_type: "REQUIRED", num_children: 1 } as const,
    },
    { name: "list", repetition_type: "REPEATED", num_children: 1 },
    { name: "element", type: "FLOAT", repetition_type: "REQUIRED" },
  ];
  const buffer = parquetWriteBuffer({ columnData: columns, schema, rowGroupSize: facts.length });
  await writeFileAtomically(path, new Uint8Array(buffer));
}
