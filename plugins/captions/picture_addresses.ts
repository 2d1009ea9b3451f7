import { addressRank } from "./column_names.ts";
import { findColumn } from "./columns.ts";
import { formatOf } from "./data_format.ts";
import { isWebAddress } from "./downloads.ts";
import { valueAt } from "./json_values.ts";
import { openParquet } from "./parquet_file.ts";
import { readTable } from "./read_table.ts";

/** Which addresses of a table are wanted. */
export interface PictureAddressesOptions {
  /**
   * The column of the pictures' addresses, by number (from 0) or name. Default `null`: the one named
   * `url` in capitals or not, or a like name, else the first one that begins with an address.
   */
  readonly column?: number | string | null;
  /** Only so many rows, the first ones. Default `null`: all. */
  readonly limit?: number | null;
}

/**
 * The addresses of the pictures in a table, or in several one after another, row by row: Parquet, or
 * text with any delimiter, told by its content. Empty cells are passed over, and so is a text's header,
 * which is a first row without an address in the column.
 *
 * @throws {SyntaxError} if the file is no table, does not parse, or lacks a named column.
 *
 * @example
 * ```ts
 * import { pictureAddresses } from "./picture_addresses.ts";
 *
 * const path = await Deno.makeTempFile({ suffix: ".csv" });
 * await Deno.writeTextFile(path, "caption,url\nA lamp.,https://example.org/a.jpg\n");
 * const addresses = await Array.fromAsync(pictureAddresses(path));
 * console.assert(addresses.join() === "https://example.org/a.jpg");
 * ```
 */
export async function* pictureAddresses(
  path: string | readonly string[],
  options: PictureAddressesOptions = {},
): AsyncGenerator<string> {
  const { column = null, limit = null } = options;
  let rows = 0;
  for (const each of [path].flat()) {
    for await (const cell of await cellsOf(each, column)) {
      if (rows++ === limit) return;
      if (cell !== "") yield cell;
    }
  }
}

async function cellsOf(
  path: string,
  column: number | string | null,
): Promise<AsyncIterable<string>> {
  const format = await formatOf(path);
  if (format === "parquet") return parquetCells(path, column);
  if (format === "table") return tableCells(path, column);
  throw new SyntaxError(`${path}: expected a table with addresses of pictures, found ${format}`);
}

async function* parquetCells(path: string, column: number | string | null): AsyncGenerator<string> {
  const file = await openParquet(path);
  const names = file.columns.map(({ name }) => name);
  const number = column === null
    ? byName(names) ?? 0
    : findColumn(column, names, names.length, path);
  const { name, column: holder } = file.columns[number]!;
  for (const { start, end } of file.groups) {
    for (const row of await file.read([holder], start, end)) {
      const cell = valueAt(row, name);
      yield typeof cell === "string" ? cell.trim() : "";
    }
  }
}

async function* tableCells(path: string, column: number | string | null): AsyncGenerator<string> {
  let chosen: number | undefined;
  for await (const rows of (await readTable(path, "auto")).rows) {
    for (const { cells } of rows) {
      if (chosen === undefined) {
        const first = cells.map((cell) => cell.trim());
        const addresses = first.findIndex(isWebAddress);
        chosen = column === null
          ? addresses >= 0 ? addresses : byName(first) ?? 0
          : findColumn(column, first, first.length, path);
        if (!isWebAddress(first[chosen] ?? "")) continue;
      }
      yield cells[chosen]?.trim() ?? "";
    }
  }
}

/** The column that is called as columns of addresses are. */
function byName(names: readonly string[]): number | undefined {
  const ranks = names.map(addressRank);
  const best = Math.min(...ranks);
  return best === Infinity ? undefined : ranks.indexOf(best);
}
