import { basename, dirname, extname, isAbsolute, join } from "node:path";
import type { Assets } from "../../core/assets.ts";
import type { Context } from "../../core/context.ts";
import { joinAddress, localPath } from "../../core/host/assets/address.ts";
import { AssetError } from "../../core/host/assets/asset_error.ts";
import { PictureError } from "../../core/images/picture_error.ts";
import type { CheckedOptions } from "./caption_options.ts";
import { INDEX, isWebAddress } from "./downloads.ts";

/** Pictures of the beginning by which their folder is found. */
export const LOOKED_FOR = 10;

/**
 * Where the pictures of a file of captions may be, if nobody says: beside it, in a folder `images`
 * there, or in one that is called as the file or the end of its name; beside it or beside its folder,
 * as COCO has them (`annotations/captions_val2017.json`, `val2017/`). Of a file on a server, as in a
 * package on JSR, they are addresses, and all below its folder: each that is asked takes its time.
 *
 * @param address Where the file is.
 */
export function picturePlaces(address: string): readonly string[] {
  const path = localPath(address);
  const stem = basename(address, extname(address));
  const names = ["images", stem, stem.slice(stem.lastIndexOf("_") + 1)];
  if (path === undefined) {
    const folder = address.slice(0, address.lastIndexOf("/"));
    return [...new Set([folder, ...names.map((name) => joinAddress(folder, name))])];
  }
  const folder = dirname(path);
  const parents = [folder, dirname(folder)];
  return [
    ...new Set([folder, ...parents.flatMap((parent) => names.map((name) => join(parent, name)))]),
  ];
}

/**
/**
 * The folder of the pictures, a path or an address: what the option says; of several folders, and
 * then of the {@linkcode picturePlaces}, the first that has one of the pictures.
 *
 * @param options Their `path` holds the addresses that the files were had from.
 * @param path Where the first file is on this machine, from its address or from a cache.
 * @param pictures The first pictures: paths, or addresses that were downloaded.
 */
export async function findPictures(
  { images, path: addresses }: Pick<CheckedOptions, "images" | "path">,
  path: string,
  pictures: readonly string[],
  { assets, log }: Pick<Context, "assets" | "log">,
): Promise<string> {
  if (typeof images === "string") return localPath(images) ?? images;
  const asked = (images ?? []).map((folder) => localPath(folder) ?? folder);
  const first = pictures.filter((picture) => picture !== "").slice(0, LOOKED_FOR);
  const [address] = [addresses].flat();
  const relative = first.find((picture) => !isWebAddress(picture) && !isAbsolute(picture));
  const isRemote = localPath(address!) === undefined && relative !== undefined;
  const usual = isRemote ? [] : picturePlaces(path);
  const expected = asked[0] ?? usual[0];
  const files = new Set(first.map((picture) => isWebAddress(picture) ? INDEX : picture));
  for (const place of [...asked, ...usual]) {
    for (const file of files) {
      if (isAbsolute(file) || !await isFile(join(place, file))) continue;
      if (place !== expected) log(`${path}: pictures from ${place}`);
      return place;
    }
  }
  // What is in the cache beside the table is only what somebody has asked for so far.
  return isRemote
    ? await findOnServer(picturePlaces(address!), relative, address!, { assets, log })
    : expected!;
}

async function findOnServer(
  places: readonly string[],
  picture: string,
  address: string,
  { assets, log }: Pick<Context, "assets" | "log">,
): Promise<string> {
  for (const place of places) {
    const found = await assets.optionalFile(joinAddress(place, picture)).catch((error) => {
      // It is told when the picture is needed: whoever reads captions alone can do without.
      if (isUnavailable(error)) return undefined;
      throw error;
    });
    if (found === undefined) continue;
    if (place !== places[0]) log(`${address}: pictures from ${place}`);
    return place;
  }
  return places[0]!;
}

/**
 * The path of a picture's file, fetched into the cache first where it is on a server.
 *
 * @param folder From {@linkcode findPictures}.
 * @param picture A path, from `folder` where it is relative.
 * @throws {PictureError} if the server does not give it.
 */
export function pictureFile(
  folder: string,
  picture: string,
  assets: Assets,
): string | Promise<string> {
  if (isAbsolute(picture)) return picture;
  if (localPath(folder) !== undefined) return join(folder, picture);
  return assets.file(joinAddress(folder, picture)).catch((cause) => {
    if (!isUnavailable(cause)) throw cause;
    throw new PictureError(picture, `cannot be had (${cause.message})`, { cause });
  });
}

/** Whether there is no such file, or its name can be no address: a fault of the table's row. */
function isUnavailable(error: unknown): error is Error {
  return error instanceof AssetError || error instanceof SyntaxError;
}

async function isFile(path: string): Promise<boolean> {
  return await Deno.stat(path).then((info) => info.isFile, () => false);
}
