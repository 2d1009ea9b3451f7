import { basename, isAbsolute } from "node:path";
import { encode } from "fast-png";
import type { SharpOptions } from "sharp";
import type { Assets } from "../../../core/assets.ts";
import type { Json, JsonObject } from "../../../core/component.ts";
import { loadSharp } from "../../../core/host/images/load_sharp.ts";
import type { Raster } from "../../../core/images/raster.ts";
import type { PluginSet } from "../../../core/join_plugins.ts";
import { joinAddress, localPath } from "../../../core/host/assets/address.ts";
import { picturePlaces } from "../../captions/picture_place.ts";

/** Which thumbnails are looked for, and where. */
export interface ThumbnailOptions {
  /** Folders that pictures are looked for in. */
  readonly folders: readonly string[];
  /** The most pictures to show. */
  readonly most: number;
  /** The longer side of a thumbnail in pixels. */
  readonly size: number;
  /** Files of folders that are addresses. */
  readonly assets: Assets;
  /** Finds pictures that are not in files of their own. */
  readonly picture: PluginSet["picture"];
}

/**
 * Thumbnails as data URIs by the pictures' names: the first `most` of them that are found.
 *
 * A name is the path of a file, or of one below a folder given, or its file name there, or that of a
 * picture that a plugin finds: one of the embedded world is drawn, one of CIFAR read from its binary
 * files. What is missing or no picture is left out: the report shows its name instead.
 */
export async function findThumbnails(
  names: Iterable<string>,
  { most, ...options }: ThumbnailOptions,
): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  for (const name of names) {
    if (found.size >= most) break;
    const thumbnail = found.has(name) ? undefined : await findThumbnail(name, options);
    if (thumbnail !== undefined) found.set(name, thumbnail);
  }
  return found;
}

async function findThumbnail(
  name: string,
  { folders, size, assets, picture }: Omit<ThumbnailOptions, "most">,
): Promise<string | undefined> {
  const raster = await picture(name, { folders, size });
  if (raster !== undefined) {
    const { data, width, height } = raster;
    if (Math.max(width, height) <= size) return dataUri("png", encodePng(raster));
    return await thumbnail(data, size, { raw: { width, height, channels: 3 } });
  }
  const paths = isAbsolute(name)
    ? [name]
    : folders.flatMap((folder) => [name, basename(name)].map((each) => joinAddress(folder, each)));
  for (const path of paths) {
    try {
      return await thumbnail(await Deno.readFile(await assets.file(path)), size);
    } catch {
      // Not there, or no picture: perhaps the next folder has it.
    }
  }
  return undefined;
}

/** Of a picture that is drawn, so that nothing that decodes pictures need be loaded. */
function encodePng({ width, height, data }: Raster): Uint8Array {
  return encode({ width, height, data, channels: 3, depth: 8 });
}

async function thumbnail(
  picture: Uint8Array,
  size: number,
  options: SharpOptions = {},
): Promise<string> {
  const sharp = await loadSharp();
  const bytes = await sharp(picture, options)
    .resize(size, size, { fit: "inside", withoutEnlargement: true })
    .flatten({ background: "white" })
    .jpeg({ quality: 60, mozjpeg: true })
    .toBuffer();
  return dataUri("jpeg", bytes);
}

function dataUri(format: "jpeg" | "png", bytes: Uint8Array): string {
  return `data:image/${format};base64,${bytes.toBase64()}`;
}

/**
 * The folders that a recipe's evaluators take their pictures from: their option `images`, or that of
 * their `data`, whose pictures are looked for beside its table where it has none; a linear probe's
 * pictures are in the folder `test` there, unless they are CIFAR's.
 */
export function pictureFolders(recipe: Json | undefined): string[] {
  const evaluators = memberOf(recipe, "evaluators");
  if (!Array.isArray(evaluators)) return [];
  const folders = evaluators.flatMap((evaluator: Json) => {
    const data = memberOf(evaluator, "data");
    const paths = [memberOf(data, "path") ?? []].flat().filter((path) => typeof path === "string");
    const images = [memberOf(evaluator, "images") ?? memberOf(data, "images") ?? []].flat();
    // What is given may be a file, or the folder itself.
    if (images.length === 0) {
      return paths.flatMap((path) => [localPath(path) ?? path, ...picturePlaces(path)]);
    }
    const { name, format } = evaluator as JsonObject;
    return name === "linearProbe" && format === "folder"
      ? images.map((folder) => `${folder}/test`)
      : images;
  });
  return [...new Set(folders.filter((folder) => typeof folder === "string"))];
}

function memberOf(value: Json | undefined, key: string): Json | undefined {
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? (value as JsonObject)[key]
    : undefined;
}
