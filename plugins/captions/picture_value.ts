import { PictureError } from "../../core/images/picture_error.ts";
import { isEntry } from "./json_values.ts";
import type { ParquetFile } from "./parquet_file.ts";

/**
 * The picture in a row of a Parquet file: its bytes, or its path where `datasets` wrote that alone.
 *
 * @param where Names the picture in errors.
 * @throws {PictureError} if the row cannot be read or holds neither.
 */
export async function pictureValue(
  file: ParquetFile,
  column: string,
  row: number,
  where: string,
): Promise<Uint8Array | string> {
  const value = await file.value(column, row).catch((cause: unknown) => {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new PictureError(where, `cannot be read (${reason})`, { cause });
  });
  const bytes = isEntry(value) ? value["bytes"] : value;
  // A copy: of a part of a page a worker would be sent the whole page.
  if (bytes instanceof Uint8Array) return bytes.slice();
  const path = isEntry(value) ? value["path"] : undefined;
  if (typeof path === "string" && path !== "") return path;
  throw new PictureError(where, "expected a picture's bytes or its path, found neither");
}
