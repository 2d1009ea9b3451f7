/**
 * Looks at what a Parquet file says of itself before its library believes it.
 *
 * @module
 */
import { type AsyncBuffer, type FileMetaData, parquetSchema, type SchemaTree } from "hyparquet";
import { readOffsetIndex } from "hyparquet/src/indexes.js";
import { getTreePath } from "hyparquet/src/schema.js";
import { checkPages } from "./parquet_pages.ts";

/** What is known of an open file. */
export interface OpenedParquet {
  readonly file: AsyncBuffer;
  readonly metadata: FileMetaData;
  readonly schema: SchemaTree;
}

/** The column chunks of a row group that hold a column; several, if it has fields. */
export function chunksOf(metadata: FileMetaData, group: number, column: string) {
  return metadata.row_groups[group]!.columns
    .filter(({ meta_data }) => meta_data?.path_in_schema[0] === column);
}

/**
 * The schema of a file.
 *
 * @throws {RangeError} if a row group says that it has more rows than values.
 */
export function checkedSchema(metadata: FileMetaData): SchemaTree {
  for (const { num_rows: rows, columns } of metadata.row_groups) {
    if (columns.every(({ meta_data }) => rows >= 0 && meta_data!.num_values >= rows)) continue;
    throw new RangeError(`a row group of ${rows} rows with fewer values`);
  }
  return parquetSchema(metadata);
}

/**
 * Makes sure that columns can be read in the row groups that some rows are in.
 *
 * @throws {RangeError} if a page is not inside the file, or not what it says.
 */
export async function checkColumns(
  opened: OpenedParquet,
  columns: readonly string[],
  start: number,
  end: number,
): Promise<void> {
  let first = 0;
  for (const [group, { num_rows }] of opened.metadata.row_groups.entries()) {
    const last = first + Number(num_rows);
    if (first < end && last > start) {
      for (const chunk of columns.flatMap((column) => chunksIn(opened, group, column))) {
        checkPages(await opened.file.slice(chunk.begin, chunk.end), chunk.column, chunk.path);
      }
    }
    first = last;
  }
}

/**
 * Makes sure that one row of a column can be read by the index of its pages.
 *
 * @param row Counted from the beginning of the row group.
 * @throws {RangeError} if the index or the page is not inside the column, or not what it says.
 */
export async function checkIndexedRow(
  opened: OpenedParquet,
  column: string,
  group: number,
  row: number,
): Promise<void> {
  for (const { begin, end, path, column: facts, index } of chunksIn(opened, group, column)) {
    const view = new DataView(await opened.file.slice(index.begin, index.end));
    const pages = readOffsetIndex({ view, offset: 0 }).page_locations.map((page) => {
      const start = Number(page.offset);
      return { start, end: start + page.compressed_page_size, row: Number(page.first_row_index) };
    });
    const isSound = pages.every((page, i) =>
      page.start >= begin && page.end >= page.start && page.end <= end &&
      page.row >= (pages[i - 1]?.row ?? 0)
    );
    if (!isSound || pages.length === 0) {
      throw new RangeError(`an index of pages that are not there`);
    }
    const page = pages.findLast((each) => each.row <= row) ?? pages[0]!;
    // A dictionary stands before the first page.
    for (const part of [{ start: begin, end: pages[0]!.start }, page]) {
      checkPages(await opened.file.slice(part.start, part.end), facts, path);
    }
  }
}

/** The chunks of a column with their places in the file. */
function chunksIn({ file, metadata, schema }: OpenedParquet, group: number, column: string) {
  return chunksOf(metadata, group, column).map((chunk) => {
    const facts = chunk.meta_data!;
    const begin = Number(facts.dictionary_page_offset || facts.data_page_offset);
    const end = begin + Number(facts.total_compressed_size);
    const at = Number(chunk.offset_index_offset ?? 0);
    const index = { begin: at, end: at + Number(chunk.offset_index_length ?? 0) };
    for (const place of [{ begin, end }, index]) {
      if (place.begin >= 0 && place.end >= place.begin && place.end <= file.byteLength) continue;
      throw new RangeError(`column ${facts.path_in_schema.join(".")} is not inside the file`);
    }
    return { begin, end, index, column: facts, path: getTreePath(schema, facts.path_in_schema) };
  });
}
