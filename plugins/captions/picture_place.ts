import { basename, dirname, extname, isAbsolute, join } from "node:path";
import type { Context } from "../../core/context.ts";
import { INDEX, isWebAddress } from "./downloads.ts";

/** Pictures of the beginning by which their folder is found. */
const LOOKED_FOR = 10;

/**
 * Where the pictures of a file of captions may be, if nobody says: beside it, in a folder `images`
 * there, or in one that is called as the file or the end of its name; beside it or beside its folder,
 * as COCO has them (`annotations/captions_val2017.json`, `val2017/`).
 */
export function picturePlaces(path: string): readonly string[] {
  const folder = dirname(path);
  const stem = basename(path, extname(path));
  const names = ["images", stem, stem.slice(stem.lastIndexOf("_") + 1)];
  const parents = [folder, dirname(folder)];
  return [
    ...new Set([folder, ...parents.flatMap((parent) => names.map((name) => join(parent, name)))]),
  ];
}

/**
 * The folder of the pictures: what the option says, else the first of the {@linkcode picturePlaces}
 * that has one of them.
 *
 * @param given The option.
 * @param pictures The first pictures: paths, or addresses that were downloaded.
 */
export async function findPictures(
  given: string | null,
  path: string,
  pictures: readonly string[],
  log: Context["log"],
): Promise<string> {
  if (given !== null) return given;
  const places = picturePlaces(path);
  const first = pictures.filter((picture) => picture !== "").slice(0, LOOKED_FOR);
  const files = first.map((picture) => isWebAddress(picture) ? INDEX : picture);
  for (const place of places) {
    for (const file of new Set(files)) {
      if (isAbsolute(file) || !await isFile(join(place, file))) continue;
      if (place !== places[0]) log(`${path}: pictures from ${place}`);
      return place;
    }
  }
  return places[0]!;
}

async function isFile(path: string): Promise<boolean> {
  return await Deno.stat(path).then((info) => info.isFile, () => false);
}
