import { extname } from "node:path";
import { delimiterOf } from "./caption_table.ts";
import { findColumn } from "./columns.ts";
import { isWebAddress } from "./downloads.ts";
import { openParquet } from "./parquet_file.ts";
import { readTable } from "./read_table.ts";

/** Which addresses of a table are wanted. */
export interface PictureAddressesOptions {
  /**
   * The column of the pictures' addresses, by number (from 0) or name. Default `null`: the one named
   * `url` in capitals or not, else the first.
   */
  readonly column?: number | string | null;
  /** Only so many rows, the first ones. Default `null`: all. */
  readonly limit?: number | null;
}

/**
 * The addresses of the pictures in a table, row by row: a path that ends in `.parquet`, `.tsv`,
 * `.tab`, or any other for CSV. Empty cells are passed over, and so is a CSV's header, which is a
 * first row without an address in the column.
 *
 * @throws {SyntaxError} if the file does not parse or lacks a named column.
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
  path: string,
  options: PictureAddressesOptions = {},
): AsyncGenerator<string> {
  const { column = null, limit = null } = options;
  const cells = extname(path).toLowerCase() === ".parquet"
    ? parquetCells(path, column)
    : tableCells(path, column);
  let rows = 0;
  for await (const cell of cells) {
    if (rows++ === limit) return;
    if (cell !== "") yield cell;
  }
}

async function* parquetCells(path: string, column: number | string | null): AsyncGenerator<string> {
  const file = await openParquet(path);
  const names = file.columns.map(({ name }) => name);
  const chosen = names[choose(column, names, path)];
  if (chosen === undefined) {
    throw new SyntaxError(`${path}: expected a column ${column}, found ${names.length} columns`);
  }
  for (const { start, end } of file.groups) {
    for (const row of await file.read([chosen], start, end)) {
      const cell = row[chosen];
      yield typeof cell === "string" ? cell.trim() : "";
    }
  }
}

async function* tableCells(path: string, column: number | string | null): AsyncGenerator<string> {
  let chosen: number | undefined;
  for await (const { cells } of readTable(path, delimiterOf(path))) {
    if (chosen === undefined) {
      chosen = choose(column, cells.map((cell) => cell.trim()), path);
      if (!isWebAddress(cells[chosen]?.trim() ?? "")) continue;
    }
    yield cells[chosen]?.trim() ?? "";
  }
}

function choose(column: number | string | null, names: readonly string[], path: string): number {
  if (column !== null) return findColumn(column, names, path);
  return Math.max(0, names.findIndex((name) => name.toLowerCase() === "url"));
}
