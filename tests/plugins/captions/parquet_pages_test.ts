import { expect } from "expect";
import { type ColumnMetaData, parquetMetadata, parquetSchema } from "hyparquet";
import { getTreePath } from "hyparquet/src/schema.js";
import { parquetWriteBuffer } from "hyparquet-writer";
import { captions } from "../../../plugins/captions/captions.ts";
import { checkPages } from "../../../plugins/captions/parquet_pages.ts";
import { openParquet } from "../../../plugins/captions/parquet_file.ts";
import { createAssets } from "../../../core/host/assets/create_assets.ts";
import { createPicturePool } from "../../../core/host/images/pool.ts";
import { withFolder } from "../../helpers/with_folder.ts";

const bytes = parquetWriteBuffer({
  columnData: [
    { name: "image", data: ["a.jpg", "b.jpg", "c.jpg"], type: "STRING" },
    // Few different texts go into a dictionary.
    { name: "caption", data: ["a lamp", null, "a lamp"], type: "STRING" },
  ],
});

/** The pages of a column, what the file says of it, and its place in the schema. */
function column(number: number) {
  const metadata = parquetMetadata(bytes);
  const facts = metadata.row_groups[0]!.columns[number]!.meta_data!;
  const begin = Number(facts.dictionary_page_offset || facts.data_page_offset);
  const pages = bytes.slice(begin, begin + Number(facts.total_compressed_size));
  const path = getTreePath(parquetSchema(metadata), facts.path_in_schema);
  return { pages, facts, path };
}

Deno.test("checkPages: pages are what they say, or are refused", () => {
  for (const number of [0, 1]) {
    const { pages, facts, path } = column(number);
    checkPages(pages, facts, path);
    const lie = /a page that is not what it says/;
    expect(() => checkPages(pages.slice(0, -1), facts, path)).toThrow(lie);
    // Three values in a column that says it has two.
    const fewer: ColumnMetaData = { ...facts, num_values: 2n };
    expect(() => checkPages(pages, fewer, path)).toThrow(lie);
  }
});

Deno.test("openParquet: a file that is cut or holds something else is refused by name", () =>
  withFolder(async (folder) => {
    const path = `${folder}/a.parquet`;
    const cut = async (length: number) => {
      await Deno.writeFile(path, new Uint8Array(bytes.slice(0, length)));
      return await openParquet(path).catch((error) => error);
    };
    for (let length = 0; length < bytes.byteLength; length++) {
      const error = await cut(length);
      expect(error).toBeInstanceOf(SyntaxError);
      expect(error.message).toMatch(new RegExp(`^${path}: expected a Parquet file \\(`));
    }
  }));

Deno.test("captions: rows of a row group with damaged pages are a fault that names them", () =>
  withFolder(async (folder) => {
    const path = `${folder}/a.parquet`;
    const damaged = new Uint8Array(bytes.slice(0));
    const { facts } = column(1);
    // Zeros where the column's pages begin: a page of no kind.
    const begin = Number(facts.dictionary_page_offset || facts.data_page_offset);
    damaged.fill(0, begin, begin + 8);
    await Deno.writeFile(path, damaged);
    const assets = createAssets({ cache: "/nonexistent", offline: true });
    const data = await captions({ path, columns: { image: "image", captions: ["caption"] } }).open({
      assets,
      images: createPicturePool({ workers: 0 }),
      log: () => {},
    });
    expect(data.length).toBe(0);
    expect(data.faults).toEqual([{
      where: `${path}, rows 1 to 3`,
      reason: expect.stringMatching(/^cannot be read \(.+\)$/),
    }]);
  }));
