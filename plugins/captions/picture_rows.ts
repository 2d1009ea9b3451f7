import type { ImagePool } from "../../core/images/image_pool.ts";
import { join } from "node:path";
import type { DataFault, DataSet } from "../../core/dataset.ts";
import { type Download, INDEX, isWebAddress, readDownloads } from "./downloads.ts";
import { createPictureSet, filesIn } from "./picture_set.ts";
import { createTextRows } from "./text_rows.ts";

/** Gathers the rows of a table whose pictures are files or addresses on the web. */
export interface PictureRows {
  /**
   * Adds the captions of a picture, or a fault where they cannot be used. Rows with the same picture
   * make one example with the captions of all, each text once.
   *
   * @param where The file and the row in it.
   * @param image A path, or the address of a picture that has been downloaded.
   * @param captions The main one first; empty ones are left out.
   * @returns whether more rows are wanted.
   * @throws {RangeError} if it is the first address and nothing has been downloaded.
   */
  add(where: string, image: string, captions: readonly string[]): boolean;
  /** Notes that a row cannot be used. */
  refuse(where: string, reason: string): void;
  /** All of it. */
  dataSet(name: string, images: ImagePool): DataSet;
}

/**
 * Starts with no rows.
 *
 * @param folder Where relative paths start, and where pictures were downloaded to.
 * @param limit How many pictures are wanted; `null` for all.
 */
export async function createPictureRows(
  folder: string,
  limit: number | null,
): Promise<PictureRows> {
  const downloads = await readDownloads(folder);
  const rows = createTextRows();
  const faults: DataFault[] = [];
  const sizes: number[] = [];
  /** The examples by their pictures. */
  const known = new Map<string, number>();
  /** The last picture, to which the next row may add. */
  let last:
    | { readonly image: string; readonly id: string; readonly captions: Set<string> }
    | undefined;
  const refuse = (where: string, reason: string) => void faults.push({ where, reason });
  const keepLast = () => {
    if (last === undefined) return;
    rows.add([last.id, ...last.captions]);
    last = undefined;
  };
  return {
    add(where, image, given) {
      const captions = given.map((text) => text.trim()).filter((text) => text !== "");
      if (image === "") refuse(where, "expected the path of a picture, found none");
      else if (captions.length === 0) refuse(where, "expected a caption, found none");
      else if (image === last?.image) { for (const text of captions) last.captions.add(text); }
      else if (known.has(image)) rows.extend(known.get(image)!, captions);
      else if (known.size === limit) return false;
      else {
        const download = isWebAddress(image) ? downloadOf(image, downloads, folder) : null;
        if (download === undefined) {
          refuse(where, `expected a downloaded picture, found none of ${image}`);
          return true;
        }
        keepLast();
        known.set(image, known.size);
        sizes.push(download?.width ?? 0, download?.height ?? 0);
        last = { image, id: download?.file ?? image, captions: new Set(captions) };
      }
      return true;
    },
    refuse,
    dataSet(name, images) {
      keepLast();
      return createPictureSet({
        name,
        rows,
        picture: filesIn(folder),
        faults,
        sizes: Uint32Array.from(sizes),
        images,
      });
    },
  };
}

function downloadOf(
  address: string,
  downloads: ReadonlyMap<string, Download> | undefined,
  folder: string,
): Download | undefined {
  if (downloads !== undefined) return downloads.get(address);
  throw new RangeError(
    `captions.images: expected the folder that the table's pictures were downloaded to, found ` +
      `no ${join(folder, INDEX)}; "download-images <table> ${folder}" downloads them`,
  );
}
