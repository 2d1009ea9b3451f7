import { expect } from "expect";
import { parquetMetadata } from "hyparquet";
import { parquetWriteBuffer } from "hyparquet-writer";
import {
  checkColumns,
  checkedSchema,
  checkIndexedRow,
} from "../../../plugins/captions/check_parquet.ts";

const bytes = parquetWriteBuffer({
  columnData: [{
    name: "caption",
    data: ["a lamp", "a cat", "a dog"],
    type: "STRING",
    offsetIndex: true,
  }],
  rowGroupSize: 2,
  // A page a row; of a single page there is no index.
  pageSize: 1,
});
const metadata = parquetMetadata(bytes);
const file = {
  byteLength: bytes.byteLength,
  slice: (start: number, end?: number) => bytes.slice(start, end),
};

Deno.test("checkedSchema: a row group has no more rows than values", () => {
  expect(checkedSchema(metadata).children.map(({ element }) => element.name)).toEqual(["caption"]);
  const [group, ...rest] = metadata.row_groups;
  for (const num_rows of [3n, -1n]) {
    const row_groups = [{ ...group!, num_rows }, ...rest];
    expect(() => checkedSchema({ ...metadata, row_groups })).toThrow(
      `a row group of ${num_rows} rows with fewer values`,
    );
  }
});

Deno.test("checkColumns: pages are inside the file, in the row groups that are asked for", async () => {
  const schema = checkedSchema(metadata);
  const opened = { file, metadata, schema };
  await checkColumns(opened, ["caption"], 0, 3);
  const [first, second] = metadata.row_groups;
  const [chunk] = second!.columns;
  const meta_data = { ...chunk!.meta_data!, data_page_offset: BigInt(bytes.byteLength) };
  const row_groups = [first!, { ...second!, columns: [{ ...chunk!, meta_data }] }];
  const moved = { ...opened, metadata: { ...metadata, row_groups } };
  await checkColumns(moved, ["caption"], 0, 2);
  await expect(checkColumns(moved, ["caption"], 0, 3)).rejects.toThrow(
    "column caption is not inside the file",
  );
});

Deno.test("checkIndexedRow: pages that an index tells of are inside their column", async () => {
  const schema = checkedSchema(metadata);
  await checkIndexedRow({ file, metadata, schema }, "caption", 0, 1);
  // A column of one byte has no room for the page that the index tells of.
  const [first, ...rest] = metadata.row_groups;
  const [chunk] = first!.columns;
  const meta_data = { ...chunk!.meta_data!, total_compressed_size: 1n };
  const row_groups = [{ ...first!, columns: [{ ...chunk!, meta_data }] }, ...rest];
  const other = { file, metadata: { ...metadata, row_groups }, schema };
  await expect(checkIndexedRow(other, "caption", 0, 1)).rejects
    .toThrow("an index of pages that are not there");
});
