import { join } from "node:path";
import type { Context } from "../../../core/context.ts";
import { pictureKey } from "../../../core/host/images/picture_key.ts";
import { PictureError } from "../../../core/images/picture_error.ts";
import {
  isHiddenName,
  isOtherPictureName,
  isPictureName,
} from "../../../core/images/picture_name.ts";
import type { ClassifiedPictures } from "./classified_picture.ts";

/** Classes without pictures that are named. */
const NAMED = 5;

/**
 * The pictures of a folder with a subfolder for each class; both may be links. Classes and pictures
 * are in the order of their names' UTF-16 code units, in which ImageNet's folders (`n01440764` …)
 * are in the order of its classes. Hidden ones are passed over; pictures of kinds that are not decoded
 * are told.
 *
 * @throws {RangeError} if there is no such folder, or no subfolder in it.
 * @throws {PictureError} if a link leads to nothing.
 */
export async function readClassFolder(
  { images, log }: Pick<Context, "images" | "log">,
  folder: string,
): Promise<ClassifiedPictures> {
  const classes = await namesIn(folder, ({ isDirectory }) => isDirectory);
  if (classes.length === 0) {
    throw new RangeError(`${folder}: expected a subfolder for each class, found none`);
  }
  const pictures = await Array.fromAsync(classes, async (name, label) => {
    const files = await namesIn(join(folder, name), ({ isFile }) => isFile);
    const others = files.filter(isOtherPictureName);
    if (others.length > 0) {
      log(
        `${join(folder, name)}: ${others.length} pictures are left out, since such are not ` +
          `decoded: ${others[0]}${others.length > 1 ? " …" : ""}`,
      );
    }
    return files.filter(isPictureName).map((file) => {
      const path = join(folder, name, file);
      return {
        id: `${name}/${file}`,
        label,
        read: () => images.decode(path, { kind: "full" }),
        key: () => pictureKey(path),
      };
    });
  });
  return { classes, pictures: pictures.flat() };
}

/**
 * Checks that every class has pictures, where the subfolders alone say which classes there are.
 *
 * @throws {RangeError} naming those that have none.
 */
export function refuseEmptyClasses(
  folder: string,
  { classes, pictures }: ClassifiedPictures,
): void {
  const filled = new Set(pictures.map(({ label }) => label));
  const empty = classes.filter((_, label) => !filled.has(label));
  if (empty.length === 0) return;
  throw new RangeError(
    `${folder}: expected pictures in the subfolder of each class, found none in ${
      empty.slice(0, NAMED).map((name) => JSON.stringify(name)).join(", ")
    }${empty.length > NAMED ? ` and ${empty.length - NAMED} more` : ""}; remove what is no class`,
  );
}

async function namesIn(
  folder: string,
  isWanted: (kind: Pick<Deno.FileInfo, "isFile" | "isDirectory">) => boolean,
): Promise<string[]> {
  const names: string[] = [];
  for (const entry of await entriesOf(folder)) {
    if (isHiddenName(entry.name)) continue;
    const kind = entry.isSymlink ? await followLink(join(folder, entry.name)) : entry;
    if (isWanted(kind)) names.push(entry.name);
  }
  return names.sort();
}

async function entriesOf(folder: string): Promise<Deno.DirEntry[]> {
  try {
    return await Array.fromAsync(Deno.readDir(folder));
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound || error instanceof Deno.errors.NotADirectory)) {
      throw error;
    }
    throw new RangeError(
      `${folder}: expected a folder with a subfolder for each class, found none`,
    );
  }
}

async function followLink(path: string): Promise<Deno.FileInfo> {
  try {
    return await Deno.stat(path);
  } catch (cause) {
    if (!(cause instanceof Deno.errors.NotFound)) throw cause;
    throw new PictureError(path, "expected a picture or a folder, found a link to nothing", {
      cause,
    });
  }
}
