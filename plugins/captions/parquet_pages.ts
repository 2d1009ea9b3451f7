/**
 * The pages of a Parquet column, looked at before they are read: the reader believes what they say
 * of themselves, and a length below zero or without an end would keep it reading, or filling memory,
 * for ever.
 *
 * @module
 */
import type { ColumnMetaData, SchemaTree } from "hyparquet";
import { compressors } from "hyparquet-compressors";
import { parquetHeader } from "hyparquet/src/column.js";
import { decompressPage } from "hyparquet/src/datapage.js";
import { getMaxDefinitionLevel, getMaxRepetitionLevel } from "hyparquet/src/schema.js";
import { readVarInt } from "hyparquet/src/thrift.js";

/** Bytes that a page may have unpacked even where its column says that it has fewer in all. */
const ALWAYS_FIT = 1 << 26;

/**
 * Makes sure that pages can be read.
 *
 * @param bytes Pages, one after another: those of a column in a row group, or some of them.
 * @param column What the file says of the column in that row group.
 * @param schemaPath The column's place in the schema, the root first.
 * @throws {RangeError} if a page is not what it says, or cannot be unpacked.
 */
export function checkPages(
  bytes: ArrayBuffer,
  column: ColumnMetaData,
  schemaPath: readonly SchemaTree[],
): void {
  const path = [...schemaPath];
  /** Bits of a repetition level and of a definition level. */
  const widths = [getMaxRepetitionLevel(path), getMaxDefinitionLevel(path)]
    .map((level) => 32 - Math.clz32(level));
  const reader = { view: new DataView(bytes), offset: 0 };
  const most = Number(column.num_values);
  // As the reader does: a byte alone is no page.
  while (reader.offset < bytes.byteLength - 1) {
    const header = parquetHeader(reader);
    const { compressed_page_size: packed, uncompressed_page_size: size } = header;
    hold(isCount(packed) && reader.offset + packed <= bytes.byteLength);
    hold(isCount(size) && size <= Math.max(ALWAYS_FIT, Number(column.total_uncompressed_size)));
    const content = new Uint8Array(bytes, reader.offset, packed);
    reader.offset += packed;
    if (header.type === "DICTIONARY_PAGE") {
      // A value has a bit at least.
      const count = header.dictionary_page_header?.num_values;
      hold(isCount(count) && count <= 8 * size);
      decompressPage(content, size, column.codec, compressors);
    } else if (header.data_page_header !== undefined) {
      const { num_values: count, encoding } = header.data_page_header;
      hold(isCount(count) && count <= most);
      const page = decompressPage(content, size, column.codec, compressors);
      checkValues(page, widths.filter((width) => width > 0), count, encoding, column.type);
    } else if (header.data_page_header_v2 !== undefined) {
      const v2 = header.data_page_header_v2;
      const sizes = [v2.repetition_levels_byte_length, v2.definition_levels_byte_length];
      hold([v2.num_values, v2.num_nulls, v2.num_rows, ...sizes].every(isCount));
      hold(Math.max(v2.num_values, v2.num_nulls, v2.num_rows) <= most);
      const before = sizes[0]! + sizes[1]!;
      hold(before <= packed && before <= size);
      checkRuns(content.subarray(0, sizes[0]), widths[0]!, most);
      checkRuns(content.subarray(sizes[0], before), widths[1]!, most);
      const rest = content.subarray(before);
      const page = v2.is_compressed === false
        ? rest
        : decompressPage(rest, size - before, column.codec, compressors);
      checkValues(page, [], v2.num_values, v2.encoding, column.type);
    }
  }
}

/** The levels and the numbers of a page's values in its dictionary, which are runs. */
function checkValues(
  page: Uint8Array,
  levels: readonly number[],
  count: number,
  encoding: string,
  type: string,
): void {
  const view = new DataView(page.buffer, page.byteOffset, page.byteLength);
  let at = 0;
  for (const width of levels) {
    const length = view.getUint32(at, true);
    hold(at + 4 + length <= page.length);
    checkRuns(page.subarray(at + 4, at + 4 + length), width, count);
    at += 4 + length;
  }
  if (!["PLAIN_DICTIONARY", "RLE_DICTIONARY", "RLE"].includes(encoding) || at >= page.length) {
    return;
  }
  const isBoolean = type === "BOOLEAN";
  const runs = page.subarray(isBoolean ? at + 4 : at + 1);
  checkRuns(runs, isBoolean ? 1 : page[at]!, count);
}

/** Runs of equal values, and values packed in groups of eight: no run is longer than all of them. */
function checkRuns(bytes: Uint8Array, width: number, most: number): void {
  hold(width <= 32);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const reader = { view, offset: 0 };
  for (let seen = 0; seen < most && reader.offset < bytes.length;) {
    const run = readVarInt(reader);
    const isPacked = (run & 1) !== 0;
    const count = isPacked ? (run >>> 1) * 8 : run >>> 1;
    hold(count <= most + 8);
    reader.offset += isPacked ? (run >>> 1) * width : (width + 7) >> 3;
    seen += count;
  }
}

function isCount(value: number | undefined): value is number {
  return Number.isSafeInteger(value) && value! >= 0;
}

function hold(fits: boolean): asserts fits {
  if (!fits) throw new RangeError("a page that is not what it says");
}
