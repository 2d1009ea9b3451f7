import { readJson } from "../../../core/host/storage/read_json.ts";
import type { MergeParts } from "../shards/merge.ts";
import { placeFile } from "../shards/place_file.ts";
import { claimFolder, type EmbedFacts, FACTS_FILE } from "./embed_all.ts";

/**
 * Joins folders with some of the files of an embedding each into the folder with all of them.
 *
 * @throws {RangeError} if they are of different models, data or forms, or others are in the output's
 *   place.
 */
export const mergeEmbeddings: MergeParts = async (records, out) => {
  await Deno.mkdir(out, { recursive: true });
  let files = 0;
  for (const { output } of records) {
    await claimFolder(out, await readJson(`${output}/${FACTS_FILE}`) as EmbedFacts);
    for await (const { name } of Deno.readDir(output)) {
      if (name === FACTS_FILE) continue;
      await placeFile(`${output}/${name}`, `${out}/${name}`);
      files++;
    }
  }
  return `${out}: ${files} files from ${records.length} parts`;
};
