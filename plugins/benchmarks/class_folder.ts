import { join } from "node:path";
import { pictureKey } from "../../core/images/mod.ts";
import type { Context } from "../../mod.ts";
import type { ClassifiedPictures } from "./classified_pictures.ts";

const PICTURE = /\.(jpe?g|png|webp|gif|bmp|tiff?|avif|ppm)$/i;

/**
 * The pictures of a folder with a subfolder for each class. Classes and pictures are in the order of
 * their names' UTF-16 code units, in which ImageNet's folders (`n01440764` …) are in the order of
 * its classes.
 *
 * @throws {RangeError} if there is no such folder, or no subfolder in it.
 */
export async function readClassFolder(
  { images }: Pick<Context, "images">,
  folder: string,
): Promise<ClassifiedPictures> {
  const classes = await namesIn(folder, ({ isFile }) => !isFile);
  if (classes.length === 0) {
    throw new RangeError(`${folder}: expected a subfolder for each class, found none`);
  }
  const pictures = await Array.fromAsync(classes, async (name, label) => {
    const files = await namesIn(
      join(folder, name),
      ({ isFile, name }) => isFile && PICTURE.test(name),
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
  isWanted: (entry: Deno.DirEntry) => boolean,
): Promise<string[]> {
  try {
    const entries = await Array.fromAsync(Deno.readDir(folder));
    return entries.filter(isWanted).map(({ name }) => name).sort();
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound || error instanceof Deno.errors.NotADirectory)) {
      throw error;
    }
    throw new RangeError(
      `${folder}: expected a folder with a subfolder for each class, found none`,
    );
  }
}
