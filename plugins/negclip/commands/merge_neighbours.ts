import { join } from "node:path";
import type { MergeParts } from "../../app/shards/merge.ts";
import { placeFile } from "../../app/shards/place_file.ts";
import {
  countFiles,
  NEIGHBOUR_FACTS,
  type NeighbourFacts,
  neighbourFile,
  readNeighbourFacts,
} from "../neighbour_folder.ts";
import { isShare } from "../../../core/shard.ts";
import { claimNeighbours } from "./write_neighbours.ts";

/**
 * Joins folders with some of the files of neighbours each into the folder with all of them.
 *
 * @throws {RangeError} if they are of different pictures, a file is lacking, or other neighbours are in
 *   the output's place.
 */
export const mergeNeighbours: MergeParts = async (records, out) => {
  let facts: NeighbourFacts | undefined;
  for (const { output, shard } of records) {
    facts = await readNeighbourFacts(join(output, NEIGHBOUR_FACTS));
    await claimNeighbours(out, facts);
    for (let place = 0; place < countFiles(facts); place++) {
      if (!isShare(shard, place)) continue;
      const name = neighbourFile(place);
      await placeFile(join(output, name), join(out, name)).catch((cause) => {
        if (!(cause instanceof Deno.errors.NotFound)) throw cause;
        throw new RangeError(`${join(output, name)}: expected what was written, found nothing`);
      });
    }
  }
  return `${out}: neighbours of ${facts!.pictures} pictures from ${records.length} parts`;
};
