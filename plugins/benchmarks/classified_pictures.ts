import type { Context, Raster } from "../../mod.ts";
import { findCifar, readCifar } from "./cifar.ts";
import { readClassFolder } from "./class_folder.ts";

/** Pictures of which each belongs to a class. */
export interface ClassifiedPictures {
  /** The classes by the names that the files give them. */
  readonly classes: readonly string[];
  /** The pictures. */
  readonly pictures: readonly ClassifiedPicture[];
}

/** A picture and its class. */
export interface ClassifiedPicture {
  /** Names it within its data set. */
  readonly id: string;
  /** The position of its class. */
  readonly label: number;
  /** Decodes it. */
  read(): Promise<Raster>;
  /** Names what it shows, as `pictureKey` does. */
  key(): Promise<string>;
}

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
