import { basename, join } from "node:path";
import type { z } from "zod";
import { joinAddress, localPath } from "../../../core/host/assets/address.ts";
import type { Context } from "../../../core/context.ts";
import { PictureError } from "../../../core/images/picture_error.ts";
import { openParquet, type ParquetFile } from "../../captions/parquet_file.ts";
import { pictureValue } from "../../captions/picture_value.ts";
import type { PictureReference } from "./benchmark_item.ts";
import { checkAnnotations } from "./read_annotations.ts";

/** A row of Parquet files that hold texts and pictures. */
export interface ParquetRow<T> {
  /** The columns of texts. */
  readonly values: T;
  /** The picture in a column. */
  picture(column: string): PictureReference;
}

/**
 * The rows of Parquet files that hold texts and pictures, as `datasets` publishes them. Texts are
 * read at once; a picture's bytes when it is asked for.
 *
 * @param address A file that ends in `.parquet`; a folder on this machine, of which all are read in
 *   the order of their names; or a folder elsewhere, of which `files` are.
 * @param schema Of the columns of texts: a row of them.
 * @param pictures The columns of pictures.
 * @throws {AssetError} if a file cannot be had.
 * @throws {RangeError} if a folder holds no such file.
 * @throws {SyntaxError} if a file is no Parquet or lacks a column, or a row is not of the form
 *   expected.
 */
export async function readParquetRows<T>(
  { assets }: Pick<Context, "assets">,
  address: string,
  { files, schema, pictures }: {
    readonly files: readonly string[];
    readonly schema: z.ZodObject & z.ZodType<T>;
    readonly pictures: readonly string[];
  },
): Promise<readonly ParquetRow<T>[]> {
  const rows: ParquetRow<T>[] = [];
  const texts = Object.keys(schema.shape);
  for (const each of await addressesIn(address, files)) {
    const path = await assets.file(each);
    const file = await openParquet(path);
    checkColumns(path, file, [...texts, ...pictures]);
    for (const { start, end } of file.groups) {
      for (const [i, value] of (await file.read(texts, start, end)).entries()) {
        const row = start + i;
        rows.push({
          values: checkAnnotations(`${path}, row ${row + 1}`, value, schema) as T,
          picture: (column) => pictureIn(file, column, row),
        });
      }
    }
  }
  return rows;
}

function pictureIn(file: ParquetFile, column: string, row: number): PictureReference {
  const name = `${basename(file.path)}/${row}/${column}`;
  return {
    file: name,
    bytes: async () => {
      const value = await pictureValue(file, column, row, name);
      if (value instanceof Uint8Array) return value;
      throw new PictureError(name, `expected a picture's bytes, found its path alone (${value})`);
    },
  };
}

async function addressesIn(address: string, files: readonly string[]): Promise<readonly string[]> {
  if (address.endsWith(".parquet")) return [address];
  const folder = localPath(address);
  if (folder === undefined) return files.map((file) => joinAddress(address, file));
  const entries = await Array.fromAsync(Deno.readDir(folder)).catch(() => []);
  const names = entries.map(({ name }) => name).filter((name) => name.endsWith(".parquet"));
  if (names.length > 0) return names.toSorted().map((name) => join(folder, name));
  throw new RangeError(`${folder}: expected a Parquet file or a folder of them, found none`);
}

function checkColumns(path: string, { columns }: ParquetFile, wanted: readonly string[]): void {
  const found = columns.map(({ name }) => name);
  const absent = wanted.filter((name) => !found.includes(name));
  if (absent.length === 0) return;
  throw new SyntaxError(
    `${path}: expected the columns ${wanted.join(", ")}, found no ${absent.join(", no ")}`,
  );
}
