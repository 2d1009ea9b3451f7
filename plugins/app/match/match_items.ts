import { basename } from "node:path";
import type { Context } from "../../../core/context.ts";
import { firstWithPicture, reportFaults } from "../../../core/dataset.ts";
import { isFolder } from "../../../core/host/assets/cache.ts";
import { listPictures } from "../../../core/host/images/list_pictures.ts";
import type { Raster } from "../../../core/images/raster.ts";
import { captions } from "../../captions/captions.ts";
import { readRaster } from "../models/picture.ts";

/** A picture and the captions that there are to choose from. */
export interface MatchItem {
  /** Names the picture. */
  readonly picture: string;
  /** Its pixels. */
  readonly read: (context: Context) => Promise<Raster>;
  /** At least two. */
  readonly captions: readonly string[];
}

/** What stands before the path of a table whose pictures have captions of their own. */
const TABLE = "captions:";

/**
 * What is to be matched: pictures, all with the same captions, or the pictures of tables with their
 * own.
 *
 * @param pictures Files, addresses, folders of pictures, or `captions:<table>`.
 * @param common The captions of all but those of tables.
 * @throws {RangeError} if there is no picture, or one has fewer than two captions.
 */
export async function matchItems(
  pictures: readonly string[],
  common: readonly string[],
  context: Context,
): Promise<readonly MatchItem[]> {
  const items: MatchItem[] = [];
  for (const given of pictures) {
    if (given.startsWith(TABLE)) items.push(...await itemsOfTable(given, context));
    else {
      for (const picture of await picturesOf(given)) {
        const read = (context: Context) => readRaster(picture, 0, context);
        items.push({ picture, read, captions: common });
      }
    }
  }
  const lonely = items.find(({ captions }) => captions.length < 2);
  if (lonely !== undefined) {
    const found = lonely.captions.length === 0 ? "none" : JSON.stringify(lonely.captions[0]);
    throw new RangeError(
      `${lonely.picture}: expected at least two captions to choose from, found ${found}; ` +
        `--captions "…" "…", --captions-file, or ${TABLE}<table> with captions of its own`,
    );
  }
  return items;
}

async function itemsOfTable(given: string, context: Context): Promise<MatchItem[]> {
  const data = await captions({ path: given.slice(TABLE.length) }).open(context);
  reportFaults(data, context.log);
  const items = new Map<number, { picture: string; captions: string[] }>();
  for (let index = 0; index < data.length; index++) {
    const { id, captions } = data.record(index);
    const first = firstWithPicture(data, index);
    const item = items.get(first) ?? { picture: id, captions: [] };
    item.captions.push(...captions);
    items.set(first, item);
  }
  return [...items].map(([index, { picture, captions }]) => ({
    picture,
    captions: [...new Set(captions)],
    read: () => data.pixels(index),
  }));
}

async function picturesOf(given: string): Promise<readonly string[]> {
  if (!await isFolder(given)) return [given];
  const found = await listPictures(given);
  if (found.length > 0) return found;
  throw new RangeError(`${given}: expected pictures in this folder, found none`);
}

/** A picture's name, short enough for a table. */
export function shortName(picture: string): string {
  return basename(picture) || picture;
}
