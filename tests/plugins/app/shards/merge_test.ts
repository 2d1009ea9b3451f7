import { expect } from "expect";
import { merge as captionImages } from "../../../../plugins/captioners/commands/caption_images_command.ts";
import { merge as downloadImages } from "../../../../plugins/captions/commands/download_images_command.ts";
import { mergeDownloads } from "../../../../plugins/captions/commands/merge_downloads.ts";
import { mergeNegatives } from "../../../../plugins/negatives/commands/merge_negatives.ts";
import { merge as writeNegatives } from "../../../../plugins/negatives/commands/write_negatives_command.ts";
import { mergeNeighbours } from "../../../../plugins/negclip/commands/merge_neighbours.ts";
import { merge as writeNeighbours } from "../../../../plugins/negclip/commands/write_neighbours_command.ts";
import { merge as embed } from "../../../../plugins/app/embed/embed_command.ts";
import { mergeEmbeddings } from "../../../../plugins/app/embed/merge_embeddings.ts";
import { mergeTables } from "../../../../plugins/app/shards/merge_tables.ts";
import { shardOption } from "../../../../plugins/app/shards/shard_option.ts";
import { mergeStudy } from "../../../../plugins/app/studies/merge_study.ts";
import { merge as study } from "../../../../plugins/app/studies/study_command.ts";
import { plugins } from "../../../../plugins/index.ts";
import { runCommand } from "../../../helpers/run_command.ts";

Deno.test("merge: every command that takes --shard, and no other, can join its parts", async () => {
  const mergers = new Map<string, unknown>();
  for (const { commands = {} } of plugins) {
    for (const [name, { load }] of Object.entries(commands)) {
      const module = await load();
      const merge = "merge" in module ? module.merge : undefined;
      const { out } = await runCommand(name, "--help");
      expect({ name, merges: merge !== undefined })
        .toEqual({ name, merges: out.includes(shardOption().flags) });
      if (merge !== undefined) mergers.set(name, merge);
    }
  }
  expect(mergers).toEqual(
    new Map<string, unknown>([
      ["embed", embed],
      ["study", study],
      ["download-images", downloadImages],
      ["caption-images", captionImages],
      ["write-negatives", writeNegatives],
      ["write-neighbours", writeNeighbours],
    ]),
  );
  expect([embed, study, downloadImages, captionImages, writeNegatives, writeNeighbours])
    .toEqual([
      ...[mergeEmbeddings, mergeStudy, mergeDownloads, mergeTables, mergeNegatives],
      mergeNeighbours,
    ]);
});
