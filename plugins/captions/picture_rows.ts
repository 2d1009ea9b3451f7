import type { ImagePool } from "../../core/images/image_pool.ts";
import { join } from "node:path";
import type { DataFault, DataSet } from "../../core/dataset.ts";
import { type Download, INDEX, isWebAddress, readDownloads } from "./downloads.ts";
import { createPictureSet, filesIn } from "./picture_set.ts";
import { createTextRows } from "./text_rows.ts";

/** Gathers the rows of a table whose pictures are files or addresses on the web. */
export interface PictureRows {
  /** How many rows can be used. */
  readonly length: number;
  /**
   * Adds a row, or a fault where it cannot be used.
   *
   * @param where The file and the row in it.
   * @param image A path, or the address of a picture that has been downloaded.
   * @param captions The main one first.
   * @throws {RangeError} if it is the first address and nothing has been downloaded.
   */
  add(where: string, image: string, captions: readonly string[]): void;
  /** Notes that a row cannot be used. */
  refuse(where: string, reason: string): void;
  /** All of it. */
  dataSet(name: string, images: ImagePool): DataSet;
}

/**
 * Starts with no rows.
 *
 * @param folder Where relative paths start, and where pictures were downloaded to.
 * @param component The component that reads the table, for error messages.
 */
export async function createPictureRows(folder: string, component: string): Promise<PictureRows> {
  const downloads = await readDownloads(folder);
  const rows = createTextRows();
  const faults: DataFault[] = [];
  const sizes: number[] = [];
  const refuse = (where: string, reason: string) => void faults.push({ where, reason });
  return {
    get length() {
      return rows.length;
    },
    add(where, image, captions) {
      if (image === "") return refuse(where, "expected the path of a picture, found none");
      if (captions.length === 0) return refuse(where, "expected a caption, found none");
      if (!isWebAddress(image)) {
        sizes.push(0, 0);
        return rows.add([image, ...captions]);
      }
      const download = downloadOf(image, downloads, folder, component);
      if (download === undefined) {
        return refuse(where, `expected a downloaded picture, found none of ${image}`);
      }
      sizes.push(download.width, download.height);
      rows.add([download.file, ...captions]);
    },
    refuse,
    dataSet: (name, images) =>
      createPictureSet({
        name,
        rows,
        picture: filesIn(folder),
        faults,
        sizes: Uint32Array.from(sizes),
        images,
      }),
  };
}

function downloadOf(
  address: string,
  downloads: ReadonlyMap<string, Download> | undefined,
  folder: string,
  component: string,
): Download | undefined {
  if (downloads !== undefined) return downloads.get(address);
  throw new RangeError(
    `${component}.images: expected the folder that the table's pictures were downloaded to, found ` +
      `no ${join(folder, INDEX)}; "download-images <table> ${folder}" downloads them`,
  );
}
