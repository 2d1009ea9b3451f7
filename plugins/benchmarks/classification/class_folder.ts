import type { ClassifiedPictures } from "./classified_picture.ts";
import { join } from "node:path";
import { pictureKey } from "../../../core/host/images/picture_key.ts";
import type { Context } from "../../../core/context.ts";
import { ImageError } from "../../../core/images/image_error.ts";

const PICTURE = /\.(jpe?g|png|webp|gif|bmp|tiff?|avif|ppm)$/i;

/**
 * The pictures of a folder with a subfolder for each class; both may be links. Classes and pictures
 * are in the order of their names' UTF-16 code units, in which ImageNet's folders (`n01440764` …)
 * are in the order of its classes.
 *
 * @throws {RangeError} if there is no such folder, or no subfolder in it.
 * @throws {ImageError} if a link leads to nothing.
 */
export async function readClassFolder(
  { images }: Pick<Context, "images">,
  folder: string,
): Promise<ClassifiedPictures> {
  const classes = await namesIn(folder, ({ isDirectory }) => isDirectory);
  if (classes.length === 0) {
    throw new RangeError(`${folder}: expected a subfolder for each class, found none`);
  }
  const pictures = await Array.fromAsync(classes, async (name, label) => {
    const files = await namesIn(
      join(folder, name),
      ({ isFile }, file) => isFile && PICTURE.test(file),
    );
    return files.map((file) => {
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

async function namesIn(
  folder: string,
  isWanted: (kind: Pick<Deno.FileInfo, "isFile" | "isDirectory">, name: string) => boolean,
): Promise<string[]> {
  const names: string[] = [];
  for (const entry of await entriesOf(folder)) {
    const kind = entry.isSymlink ? await followLink(join(folder, entry.name)) : entry;
    if (isWanted(kind, entry.name)) names.push(entry.name);
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
    throw new ImageError(path, "expected a picture or a folder, found a link to nothing", {
      cause,
    });
  }
}
