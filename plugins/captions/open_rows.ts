import { basename } from "node:path";
import type { Context } from "../../core/context.ts";
import { localPath } from "../../core/host/assets/address.ts";
import type { CheckedOptions } from "./caption_options.ts";
import { downloadsPrint } from "./downloads.ts";
import { findPictures, LOOKED_FOR, pictureFile } from "./picture_place.ts";
import { createPictureRows, type PictureRows } from "./picture_rows.ts";
import { createPictureSet, type PictureSet } from "./picture_set.ts";
import { keepRows } from "./rows/keep_rows.ts";
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
): Promise<PictureSet> {
  if (options.window !== null) {
    throw new RangeError(
      `captions.window: expected pictures in shards or in Parquet, found ${paths[0]}, whose ` +
        "pictures are files of their own",
    );
  }
  const place = async (pictures: readonly string[]) =>
    await findPictures(options, paths[0]!, pictures, context);
  let folder: string | undefined;
  const { rows, numbers: sizes, faults, notes } = await keepRows(
    {
      kind: "rows",
      paths,
      options,
      width: 2,
      // Rows with addresses are of what was downloaded.
      also: async ({ pictures }) => {
        folder ??= await place(pictures as readonly string[]);
        return localPath(folder) === undefined ? "" : await downloadsPrint(folder);
      },
    },
    context,
    async (tell) => {
      let gathered: PictureRows | undefined;
      let pictures: readonly string[] = [];
      const begin = async (first: readonly SourceRow[]) => {
        pictures = first.flatMap((row) => "image" in row ? [row.image] : [])
          .filter((picture) => picture !== "").slice(0, LOOKED_FOR);
        folder = await place(pictures);
        return await createPictureRows(folder, options.limit);
      };
      reading: for (const path of paths) {
        const tellOf = (line: string) => path === paths[0] && tell(`${path}: ${line}`);
        for await (const some of read(path, options, tellOf)) {
          if (some.length === 0) continue;
          gathered ??= await begin(some);
          for (const row of some) if (!add(gathered, row, options)) break reading;
        }
      }
      const { sizes, ...rest } = (gathered ?? await begin([])).finish();
      return { ...rest, numbers: sizes, notes: { pictures } };
    },
  );
  folder ??= await place(notes["pictures"] as readonly string[]);
  const home = folder;
  return createPictureSet({
    name: nameOf(paths),
    rows,
    picture: (_index, id) => pictureFile(home, id, context.assets),
    faults,
    sizeOf: (index) => [sizes.get(index, 0), sizes.get(index, 1)],
    images: context.images,
  });
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
