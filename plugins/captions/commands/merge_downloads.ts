import { join } from "node:path";
import type { MergeParts } from "../../app/shards/merge.ts";
import { placeFile } from "../../app/shards/place_file.ts";
import { DownloadFolder } from "../download_folder.ts";

/**
 * Joins folders of downloaded pictures into one, with one index, in the order of parts; pictures that
 * the folder has already stay.
 *
 * @throws {Deno.errors.Busy} if a process downloads into one of them.
 */
export const mergeDownloads: MergeParts = async (records, out) => {
  await using whole = await DownloadFolder.open(out);
  let pictures = 0;
  let failures = 0;
  for (const { output } of records) {
    // Part after part: an index of millions of lines is held for one of them at a time.
    await using part = await DownloadFolder.open(output);
    for (const [url, download] of part.downloads()) {
      if (!await part.has(url)) continue;
      await placeFile(join(output, download.file), join(out, download.file));
      whole.adopt(url, download);
      pictures++;
    }
    for (const fault of part.faults()) {
      if (await whole.has(fault.url)) continue;
      whole.fail(fault);
      failures++;
    }
  }
  return `${out}: ${pictures} pictures and ${failures} failures from ${records.length} parts`;
};
