import { basename, join } from "node:path";
import { expandHome } from "../../../core/host/expand_home.ts";
import { cutOut } from "../../../core/images/crop.ts";
import { pictureKey } from "../../../core/host/images/picture_key.ts";
import type { Rectangle } from "../../../core/images/rectangle.ts";
import type { Context } from "../../../core/context.ts";
import type { Raster } from "../../../core/images/raster.ts";
import { MissingPicturesError } from "./missing_pictures.ts";
import type { PictureReader } from "./score_items.ts";

/** Where each picture was found, by its name in the annotations. */
export interface FoundPictures {
  /** The path of each picture that is there. */
  readonly paths: ReadonlyMap<string, string>;
  /** The pictures that are not, by their names. */
  readonly missing: readonly string[];
}

/**
 * Looks for picture files in folders: by the path that the annotations give, then by the file name
 * alone.
 *
 * @throws {RangeError} if a folder is none.
 */
export async function findPictures(
  given: readonly string[],
  files: Iterable<string>,
): Promise<FoundPictures> {
  const folders = given.map((folder) => expandHome(folder));
  for (const folder of folders) await checkFolder(folder);
  const paths = new Map<string, string>();
  const missing: string[] = [];
  for (const file of new Set(files)) {
    const path = await findFile(folders.flatMap((folder) => {
      const [whole, alone] = [join(folder, file), join(folder, basename(file))];
      return whole === alone ? [whole] : [whole, alone];
    }));
    if (path === undefined) missing.push(file);
    else paths.set(file, path);
  }
  return { paths, missing };
}

/** The error about pictures that are not there. */
export function missingPictures(
  folders: readonly string[],
  { paths, missing }: FoundPictures,
  from: string,
): MissingPicturesError {
  return new MissingPicturesError(
    folders.join(", "),
    paths.size + missing.length,
    missing,
    ` (${from}); partial: true scores the items whose pictures are there`,
  );
}

/**
 * Makes sure that there is something to score of a benchmark whose missing pictures may be missing.
 *
 * @throws {MissingPicturesError} if there is no picture at all, with the folders and a name.
 */
export function checkSomeFound(
  folders: readonly string[],
  { paths, missing }: FoundPictures,
  from: string,
): void {
  if (paths.size > 0 || missing.length === 0) return;
  throw new MissingPicturesError(
    folders.join(", "),
    missing.length,
    missing,
    ` (${from}); not one is there`,
  );
}

/** The pictures that were found, for an encoder; an `PictureError` names one that is broken. */
export function readPictures(
  { images }: Pick<Context, "images">,
  { paths }: FoundPictures,
): Required<PictureReader> {
  return {
    async read({ file, box, bytes }) {
      const source = bytes === undefined ? paths.get(file)! : await bytes();
      const picture = await images.decode(source, { kind: "full" }, paths.get(file) ?? file);
      return box === undefined ? picture : cropPadded(picture, box);
    },
    async key({ file, box, bytes }) {
      const key = await pictureKey(bytes === undefined ? paths.get(file)! : await bytes());
      return box === undefined ? key : `${key} ${JSON.stringify(box)}`;
    },
  };
}

/** A part of a picture; what lies outside the picture is black, as in Pillow's `Image.crop`. */
export function cropPadded(picture: Raster, box: Rectangle): Raster {
  const { left, top, width, height } = box;
  const [x, y] = [Math.max(0, left), Math.max(0, top)];
  const inner = {
    left: x,
    top: y,
    width: Math.min(picture.width, left + width) - x,
    height: Math.min(picture.height, top + height) - y,
  };
  if (inner.width === width && inner.height === height) return cutOut(picture, box);
  const data = new Uint8Array(width * height * 3);
  if (inner.width > 0 && inner.height > 0) {
    const part = cutOut(picture, inner).data;
    for (let row = 0; row < inner.height; row++) {
      data.set(
        part.subarray(row * inner.width * 3, (row + 1) * inner.width * 3),
        ((y - top + row) * width + x - left) * 3,
      );
    }
  }
  return { width, height, data };
}

async function checkFolder(folder: string): Promise<void> {
  const isFolder = await Deno.stat(folder).then((info) => info.isDirectory, (error) => {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  });
  if (!isFolder) throw new RangeError(`${folder}: expected a folder of pictures, found none`);
}

async function findFile(candidates: readonly string[]): Promise<string | undefined> {
  for (const path of candidates) {
    const isFile = await Deno.stat(path).then((info) => info.isFile, () => false);
    if (isFile) return path;
  }
  return undefined;
}
