import { join } from "node:path";
import { localPath } from "../../core/host/assets/address.ts";
import { type Download, type Downloads, INDEX, isWebAddress, openDownloads } from "./downloads.ts";
import { createFaultList, type FaultList } from "./rows/fault_list.ts";
import { createNumberRows, type NumberRows } from "./rows/number_rows.ts";
import { createTextIndex } from "./rows/text_index.ts";
import { createTextRows, type TextRows } from "./rows/text_rows.ts";

/** Gathers the rows of a table whose pictures are files or addresses on the web. */
export interface PictureRows {
  /**
   * Adds the captions of a picture, or a fault where they cannot be used. Rows with the same picture
   * make one example with the captions of all, each text once.
   *
   * @param where The file and the row in it.
   * @param image A path, or the address of a picture that has been downloaded.
   * @param captions The main one first; none of them is empty.
   * @returns whether more rows are wanted.
   * @throws {RangeError} if it is the first address and nothing has been downloaded.
   */
  add(where: string, image: string, captions: readonly string[]): boolean;
  /** Notes that a row cannot be used. */
  refuse(where: string, reason: string): void;
  /** All of it: of each example what names its picture, and captions; how large the picture is. */
  finish(): { readonly rows: TextRows; readonly sizes: NumberRows; readonly faults: FaultList };
}

/**
 * Starts with no rows.
 *
 * @param folder Where relative paths start, and where pictures were downloaded to; an address where
 *   they are on a server.
 * @param limit How many pictures are wanted; `null` for all.
 */
export async function createPictureRows(
  folder: string,
  limit: number | null,
): Promise<PictureRows> {
  const downloads = localPath(folder) === undefined ? undefined : await openDownloads(folder);
  const rows = createTextRows();
  const faults = createFaultList();
  const sizes = createNumberRows(2);
  /** The last picture and its captions, to which the next row may add. */
  let last: string[] | undefined;
  const keepLast = () => {
    if (last !== undefined) rows.add(last);
    last = undefined;
  };
  const count = () => rows.length + (last === undefined ? 0 : 1);
  const known = createTextIndex((row) => (row === rows.length ? last! : rows.get(row))[0]!);
  const refuse = faults.add;
  return {
    add(where, image, captions) {
      if (image === "") refuse(where, "expected the path of a picture, found none");
      else if (captions.length === 0) refuse(where, "expected a caption, found none");
      else {
        const download = isWebAddress(image) ? downloadOf(image, downloads, folder) : null;
        if (download === undefined) {
          refuse(where, `expected a downloaded picture, found none of ${image}`);
          return true;
        }
        const id = download?.file ?? image;
        const row = last?.[0] === id ? rows.length : known.find(id);
        if (row === undefined) {
          if (count() === limit) return false;
          keepLast();
          known.add(id, rows.length);
          sizes.add(download?.width ?? 0, download?.height ?? 0);
          last = [id, ...captions];
        } else if (row < rows.length) rows.extend(row, captions);
        else last!.push(...captions.filter((text) => !last!.includes(text, 1)));
      }
      return true;
    },
    refuse,
    finish() {
      keepLast();
      return { rows, sizes, faults };
    },
  };
}

function downloadOf(
  address: string,
  downloads: Downloads | undefined,
  folder: string,
): Download | undefined {
  if (downloads !== undefined) return downloads.get(address);
  throw new RangeError(
    `captions.images: expected the folder that the table's pictures were downloaded to, found ` +
      `no ${join(folder, INDEX)}; "download-images <table> ${folder}" downloads them`,
  );
}
