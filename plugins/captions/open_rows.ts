import { basename } from "node:path";
import type { Context } from "../../core/context.ts";
import type { DataSet } from "../../core/dataset.ts";
import type { CheckedOptions } from "./caption_options.ts";
import { findPictures } from "./picture_place.ts";
import { createPictureRows, type PictureRows } from "./picture_rows.ts";
import { splitTexts } from "./split_texts.ts";

/** A row of a file: a picture that is a file or an address, and its captions; or what is wrong. */
export type SourceRow =
  | { readonly where: string; readonly image: string; readonly captions: readonly string[] }
  | { readonly where: string; readonly refused: string };

/** Reads the rows of a file, some at a time: to wait for each would take as long as to read it. */
export type ReadRows = (
  path: string,
  options: CheckedOptions,
  /** Told once how the file is read. */
  tell: (line: string) => void,
) => AsyncIterable<readonly SourceRow[]>;

/** Opens files with rows of pictures, which are files or addresses, as one data set. */
export async function openRows(
  paths: readonly string[],
  options: CheckedOptions,
  context: Context,
  read: ReadRows,
): Promise<DataSet> {
  let rows: PictureRows | undefined;
  const begin = async (first: readonly SourceRow[]) => {
    const pictures = first.flatMap((row) => "image" in row ? [row.image] : []);
    const folder = await findPictures(options, paths[0]!, pictures, context);
    return await createPictureRows(folder, options.limit);
  };
  reading: for (const path of paths) {
    const tell = (line: string) => path === paths[0] && context.log(`${path}: ${line}`);
    for await (const some of read(path, options, tell)) {
      if (some.length === 0) continue;
      rows ??= await begin(some);
      for (const row of some) if (!add(rows, row, options)) break reading;
    }
  }
  return (rows ?? await begin([])).dataSet(nameOf(paths), context);
}

/** The name of a data set that is made of files. */
export function nameOf(paths: readonly string[]): string {
  const name = basename(paths[0]!);
  return paths.length === 1 ? name : `${name} and ${paths.length - 1} more`;
}

function add(rows: PictureRows, row: SourceRow, { split }: CheckedOptions): boolean {
  if ("refused" in row) {
    rows.refuse(row.where, row.refused);
    return true;
  }
  const captions = splitTexts(row.captions, split);
  if (!("refused" in captions)) return rows.add(row.where, row.image, captions);
  rows.refuse(row.where, captions.refused);
  return true;
}
