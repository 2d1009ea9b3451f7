import { join } from "node:path";
import { readText } from "../../../core/host/storage/read_text.ts";
import { isShare } from "../../../core/shard.ts";
import type { MergeParts } from "../../app/shards/merge.ts";
import { placeFile } from "../../app/shards/place_file.ts";
import { type FrozenManifest, MANIFEST, parseManifest, partName } from "../frozen_format.ts";
import { isWritten, writeManifest } from "../write_negatives.ts";

/**
 * Joins folders of negatives, each with some of the parts, into the folder that one run writes.
 *
 * @throws {RangeError} if they are of different captions or generators, a part lacks a file, or other
 *   negatives are in the output's place.
 */
export const mergeNegatives: MergeParts = async (records, out) => {
  const manifests: FrozenManifest[] = [];
  for (const { output } of records) manifests.push(await manifestOf(output));
  const [first] = manifests;
  const own = ({ parts: _, ...rest }: FrozenManifest) => JSON.stringify(rest);
  const strange = manifests.findIndex((each) => own(each) !== own(first!));
  if (strange >= 0) {
    throw new RangeError(
      `${records[strange]!.output}: expected the negatives that ${records[0]!.output} has parts ` +
        `of, found others:\n${own(first!)}\n${own(manifests[strange]!)}`,
    );
  }
  const parts = first!.parts.map((_, index) => {
    const place = records.findIndex(({ shard }) => isShare(shard, index));
    return { output: records[place]!.output, hash: manifests[place]!.parts[index]! };
  });
  const merged = { ...first!, parts: parts.map(({ hash }) => hash) };
  const there = await manifestOf(out).catch((error) => {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  });
  if (there !== undefined && JSON.stringify(there) !== JSON.stringify(merged)) {
    throw new RangeError(`${out}: expected no negatives, or these, found others`);
  }
  for (const [index, { output, hash }] of parts.entries()) {
    const name = partName(index);
    await placeFile(join(output, name), join(out, name));
    if (await isWritten(join(out, name), hash)) continue;
    throw new RangeError(`${join(output, name)}: expected what was written, found something else`);
  }
  await writeManifest(out, merged);
  return `${out}: negatives of ${merged.captions.count} captions from ${records.length} parts`;
};

async function manifestOf(folder: string): Promise<FrozenManifest> {
  const path = join(folder, MANIFEST);
  return parseManifest(path, await readText(path));
}
