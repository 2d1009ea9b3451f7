/**
 * The command `download-images`.
 *
 * @module
 */
import { assetsFromEnvironment } from "../../../core/host/assets/environment.ts";
import { checkOutput } from "../../app/cli/check_output.ts";
import type { DefineCommand } from "../../app/cli/command.ts";
import { interruptedCode, interruptible } from "../../app/cli/interrupt.ts";
import { wholeNumber } from "../../app/cli/options.ts";
import { writeText } from "../../app/terminal/text_stream.ts";
import { isShare, type Shard } from "../../../core/shard.ts";
import { doPart } from "../../app/shards/do_part.ts";
import type { MergeParts } from "../../app/shards/merge.ts";
import { shardOption } from "../../app/shards/shard_option.ts";
import { nameOfAddress } from "../downloads.ts";
import { expandPaths } from "../expand_paths.ts";
import { mergeDownloads } from "./merge_downloads.ts";
import { type DownloadCounts, downloadImages } from "../download_images.ts";
import { pictureAddresses } from "../picture_addresses.ts";

/** Milliseconds between two reports, in a terminal and in a log. */
const REPORT_EVERY = { terminal: 200, log: 10_000 } as const;

/** How many reasons of failures are named. */
const NAMED = 10;

/** Back to the first column, and the line emptied. */
const CLEAR_LINE = "\r\x1b[2K";

/** Downloads the pictures of a table, as {@linkcode downloadImages} does. */
const defineDownloadImages: DefineCommand = (command, { world, done }) => {
  command
    .argument(
      "<table>",
      "a CSV, TSV or Parquet file: path, hf: or https: address; {00..09} and * as in captions",
    )
    .argument("<folder>", "where the pictures go; call it again to go on")
    .option("--column <column>", "the column of the addresses, by name or number (from 0)")
    .option("--concurrency <n>", "how many pictures are asked for at a time", wholeNumber(1), 16)
    .option("--rate <n>", "how many requests begin in a second at most", wholeNumber(1))
    .option("--limit <n>", "only the first rows", wholeNumber(1))
    .option("--retry-failed", "try again what can't pass, such as 404")
    .addOption(shardOption())
    .option("--trace", "show the stack of an error")
    .action(async (table, folder, options) => {
      const log = (line: string) => writeText(world.stderr, `${line}\n`);
      await checkOutput("<folder>", folder, "folder");
      const assets = assetsFromEnvironment({ log });
      const paths: string[] = [];
      for (const each of await expandPaths([table])) paths.push(await assets.file(each));
      const report = createReport((text) => writeText(world.stderr, text), world.terminal);
      const { shard, column, limit = null } = options;
      const download = (part: string) =>
        interruptible(
          async (signal) =>
            await downloadImages({
              addresses: addressesOf(
                pictureAddresses(paths, { column: columnOf(column), limit }),
                shard,
              ),
              folder: part,
              concurrency: options.concurrency,
              rate: options.rate ?? null,
              retryFailed: options.retryFailed ?? false,
              signal,
              onProgress: report,
            }),
          () => log("stopping; what is downloaded stays, Ctrl-C again stops at once"),
        );
      const settings = { table, column: column ?? null, limit };
      await doPart(folder, shard, { command: "download-images", settings }, log, async (part) => {
        const { reasons, stopped, ...counts } = await download(part);
        const lines = [...reasons].slice(0, NAMED).map(([reason, count]) =>
          `  ${count}  ${reason}\n`
        );
        if (world.terminal) writeText(world.stderr, CLEAR_LINE);
        writeText(world.stdout, `${part}: ${describe(counts)}\n${lines.join("")}`);
        done(stopped ? interruptedCode : 0);
        return !stopped;
      });
    });
};

export default defineDownloadImages;

/** Joins the parts that `--shard` left. */
export const merge: MergeParts = mergeDownloads;

/** All addresses, or those of a part: equal ones belong to one, and are asked for once. */
async function* addressesOf(
  addresses: AsyncIterable<string>,
  shard: Shard | undefined,
): AsyncGenerator<string> {
  for await (const address of addresses) {
    if (shard === undefined || isShare(shard, parseInt(nameOfAddress(address).slice(-8), 16))) {
      yield address;
    }
  }
}

function createReport(
  write: (text: string) => void,
  terminal: boolean,
): (counts: DownloadCounts) => void {
  let last = performance.now();
  return (counts) => {
    if (performance.now() - last < REPORT_EVERY[terminal ? "terminal" : "log"]) return;
    last = performance.now();
    write(terminal ? `${CLEAR_LINE}${describe(counts)}` : `${describe(counts)}\n`);
  };
}

function describe({ downloaded, present, failed }: DownloadCounts): string {
  return `${downloaded} downloaded, ${present} there before, ${failed} failed`;
}

function columnOf(written: string | undefined): number | string | null {
  if (written === undefined) return null;
  return /^\d+$/.test(written) ? Number(written) : written;
}
