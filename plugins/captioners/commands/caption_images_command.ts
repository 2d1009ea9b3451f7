/**
 * The command `caption-images`.
 *
 * @module
 */
import type { CommandHost, DefineCommand } from "../../app/cli/command.ts";
import { interruptedCode, interruptible } from "../../app/cli/interrupt.ts";
import { wholeNumber } from "../../app/cli/options.ts";
import { createImagePool } from "../../../core/host/images/pool.ts";
import { writeText } from "../../app/terminal/text_stream.ts";
import { captionFolder, type CaptionFolderReport } from "../caption_folder.ts";
import { imageToText } from "../image_to_text.ts";

/** How many broken pictures are named. */
const NAMED = 20;

/** Milliseconds between two lines about the progress. */
const LOG_EVERY = 10_000;

/** Writes captions for the pictures of a folder into a table that `captions` reads. */
const defineCaptionImages: DefineCommand = (command, { world, done }: CommandHost) => {
  command
    .argument("<folder>", "the folder with the pictures")
    .argument("<table>", "the CSV or TSV table to write; pictures that are in it are skipped")
    .requiredOption("--model <address>", "such as hf:Xenova/vit-gpt2-image-captioning, or a folder")
    .option("--quantized", "take the model's files with 8-bit weights")
    .option("--max-tokens <n>", "the most tokens of a caption", wholeNumber(1), 32)
    .option("--batch <n>", "pictures between two writes to the table", wholeNumber(1), 8)
    .option("--trace", "show the stack of an error")
    .action(async (folder, table, { model, quantized, maxTokens, batch }) => {
      const log = (line: string) => writeText(world.stderr, `${line}\n`);
      const captioner = imageToText({ model, quantized: quantized ?? false, maxTokens });
      const report = await interruptible(async (signal) => {
        using images = createImagePool();
        const assets = (await world.loadEngine()).createAssets(log);
        let last = performance.now();
        const onProgress = (captioned: number, total: number) => {
          if (performance.now() - last < LOG_EVERY) return;
          last = performance.now();
          log(`${captioned} of ${total} pictures`);
        };
        return await captionFolder(
          { folder, table, captioner, batch, signal, onProgress },
          { assets, images, log },
        );
      }, () => log("stopping after this batch; Ctrl-C again stops at once"));
      writeText(world.stdout, `${describe(report, table)}\n`);
      if (!report.completed) done(interruptedCode);
    });
};

export default defineCaptionImages;

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
