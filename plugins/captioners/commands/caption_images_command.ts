/**
 * The command `caption-images`.
 *
 * @module
 */
import { createHash } from "node:crypto";
import { dirname } from "node:path";
import { checkOutput } from "../../app/cli/check_output.ts";
import type { DefineEngineCommand, EngineHost } from "../../app/cli/engine_command.ts";
import { interruptedCode, interruptible } from "../../app/cli/interrupt.ts";
import { wholeNumber } from "../../app/cli/options.ts";
import { listPictures } from "../../../core/host/images/list_pictures.ts";
import { createPicturePool } from "../../../core/host/images/pool.ts";
import { writeText } from "../../app/terminal/text_stream.ts";
import { doPart } from "../../app/shards/do_part.ts";
import type { MergeParts } from "../../app/shards/merge.ts";
import { mergeTables } from "../../app/shards/merge_tables.ts";
import { shardOption } from "../../app/shards/shard_option.ts";
import { captionFolder, type CaptionFolderReport } from "../caption_folder.ts";
import { imageToText } from "../image_to_text.ts";

/** How many broken pictures are named. */
const NAMED = 20;

/** Milliseconds between two lines about the progress. */
const LOG_EVERY = 10_000;

/** Writes captions for the pictures of a folder into a table that `captions` reads. */
const defineCaptionImages: DefineEngineCommand = (command, { world, done }: EngineHost) => {
  command
    .argument("<folder>", "the folder with the pictures")
    .argument("<table>", "the CSV or TSV table to write; pictures that are in it are skipped")
    .requiredOption("--model <address>", "such as hf:Xenova/vit-gpt2-image-captioning, or a folder")
    .option("--quantized", "take the model's files with 8-bit weights")
    .option("--max-tokens <n>", "the most tokens of a caption", wholeNumber(1), 32)
    .option("--batch <n>", "pictures between two writes to the table", wholeNumber(1), 8)
    .addOption(shardOption())
    .option("--trace", "show the stack of an error")
    .action(async (folder, table, { model, quantized = false, maxTokens, batch, shard }) => {
      const log = (line: string) => writeText(world.stderr, `${line}\n`);
      await checkOutput("<table>", table, "file");
      const captioner = imageToText({ model, quantized, maxTokens });
      const write = (part: string) =>
        interruptible(async (signal) => {
          using images = createPicturePool();
          const assets = (await world.loadEngine()).createAssets(log);
          let last = performance.now();
          const onProgress = (captioned: number, total: number) => {
            if (performance.now() - last < LOG_EVERY) return;
            last = performance.now();
            log(`${captioned} of ${total} pictures`);
          };
          return await captionFolder(
            {
              ...{ folder, table: part, home: dirname(table), captioner },
              ...{ batch, signal, onProgress },
              ...(shard === undefined ? {} : { shard }),
            },
            { assets, images, log },
          );
        }, () => log("stopping after this batch; Ctrl-C again stops at once"));
      const pictures = shard === undefined ? "" : await printOf(folder);
      const settings = { folder, pictures, model, quantized, maxTokens, batch };
      await doPart(table, shard, { command: "caption-images", settings }, log, async (part) => {
        const report = await write(part);
        writeText(world.stdout, `${describe(report, part)}\n`);
        if (!report.completed) done(interruptedCode);
        return report.completed;
      });
    });
};

export default defineCaptionImages;

/** Joins the parts that `--shard` left. */
export const merge: MergeParts = mergeTables;

/** Tells the pictures of a folder from others: each part has its share of the same ones. */
async function printOf(folder: string): Promise<string> {
  const paths = await listPictures(folder);
  return createHash("sha256").update(paths.join("\n")).digest("hex");
}

function describe(report: CaptionFolderReport, table: string): string {
  const { pictures, kept, written, broken, completed } = report;
  const lines = [
    `${pictures} pictures: ${written} captioned, ${kept} already in ${table}, ${broken.length} broken`,
    ...broken.slice(0, NAMED).map(({ where, reason }) => `  ${where}: ${reason}`),
  ];
  if (broken.length > NAMED) lines.push(`  and ${broken.length - NAMED} more`);
  if (!completed) lines.push("stopped; the same command goes on from here");
  return lines.join("\n");
}
