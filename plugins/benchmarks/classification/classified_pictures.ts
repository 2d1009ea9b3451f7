import type { ClassifiedPicture, ClassifiedPictures } from "./classified_picture.ts";
import type { Context } from "../../../core/context.ts";
import { findCifar, readCifar } from "./cifar.ts";
import { readClassFolder } from "./class_folder.ts";

/** How classified pictures are stored. */
export type PictureFormat = "folder" | "cifar10" | "cifar100";

/**
 * How the classified pictures of a folder are stored: as the version of CIFAR whose files are there,
 * else by subfolders.
 */
export async function pictureFormatOf(folder: string): Promise<PictureFormat> {
  return await findCifar(folder) ?? "folder";
}

/**
 * Reads classified pictures: a folder with a subfolder for each class, or CIFAR's binary files.
 *
 * @param split Which of CIFAR's files.
 */
export function readClassified(
  context: Pick<Context, "images" | "log">,
  folder: string,
  format: PictureFormat,
  split: "train" | "test",
): Promise<ClassifiedPictures> {
  return format === "folder" ? readClassFolder(context, folder) : readCifar(folder, format, split);
}

/** The first pictures of each class, in the order given. */
export function limitEachClass(
  pictures: readonly ClassifiedPicture[],
  limit: number | null,
): ClassifiedPicture[] {
  const taken = new Map<number, number>();
  return pictures.filter(({ label }) => {
    const count = (taken.get(label) ?? 0) + 1;
    taken.set(label, count);
    return count <= (limit ?? Infinity);
  });
}
