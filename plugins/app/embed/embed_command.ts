/**
 * The command `embed`.
 *
 * @module
 */
import { Option } from "@commander-js/extra-typings";
import { towerFingerprints } from "../../../core/host/cache/tower_fingerprints.ts";
import { watchedEncoder } from "../../../core/host/cache/watched_encoder.ts";
import { openDevice } from "../../../core/host/devices/open_device.ts";
import type { Exchange } from "../../../core/processes/exchange.ts";
import { aloneProcess, type Processes } from "../../../core/processes/processes.ts";
import { isStop, together } from "../../../core/processes/together.ts";
import { isShare, type Shard } from "../../../core/shard.ts";
import { valuesOnDevice } from "../../../core/towers/device_parameters.ts";
import { captionChoices } from "../cli/caption_choices.ts";
import { checkOutput } from "../cli/check_output.ts";
import type { DefineEngineCommand } from "../cli/engine_command.ts";
import { interruptedCode, interruptible } from "../cli/interrupt.ts";
import { deviceOption, threadsOption, wholeNumber } from "../cli/options.ts";
import { sharedWork } from "../cli/shared_work.ts";
import { loadModel } from "../models/load_model.ts";
import type { DeviceChoice } from "../runs/run_options.ts";
import { createProgress } from "../terminal/progress.ts";
import { writeText } from "../terminal/text_stream.ts";
import { doPart } from "../shards/do_part.ts";
import type { MergeParts } from "../shards/merge.ts";
import { shardOption } from "../shards/shard_option.ts";
import { embedAll, type EmbedReport } from "./embed_all.ts";
import { type PartFormat, partsOf } from "./embed_part.ts";
import { type EmbedKind, type EmbedSet, openEmbedSource } from "./embed_set.ts";
import { mergeEmbeddings } from "./merge_embeddings.ts";

const formats: readonly PartFormat[] = ["parquet", "safetensors"];
const kinds: readonly EmbedKind[] = ["images", "texts", "both"];

/** Embeds pictures and texts into files. */
const defineEmbed: DefineEngineCommand = (command, { world, plugins, done }) => {
  command
    .argument(
      "<weights>",
      Object.values(plugins.models).toReversed().map(({ form }) => form).join("; "),
    )
    .argument(
      "<source>",
      "a folder of pictures, a text file with a text a line, or captions in any form: a table, " +
        "JSON, Parquet, tar",
    )
    .requiredOption("--out <folder>", "where the parts are written; what is there is kept")
    .addOption(
      new Option("--format <format>", "of the parts").choices(formats).default("parquet" as const),
    )
    .addOption(
      new Option("--of <rows>", "default: pictures of a folder, both of captions").choices(kinds),
    )
    .option("--rows <n>", "rows of a part", wholeNumber(1), 10_000)
    .option("--limit <n>", "only the first n pictures, or lines", wholeNumber(1))
    .option("--image-column <column>", "of captions: the pictures' column, by name or number")
    .option("--caption-columns <columns...>", "of captions: the captions' columns, likewise")
    .option("--delimiter <character>", "of captions: what separates a table's cells, or tab")
    .addOption(deviceOption())
    .addOption(threadsOption())
    .addOption(
      new Option("--activation <name>", "for weights that do not tell it")
        .choices(["quick_gelu", "gelu"] as const),
    )
    .option("--part <name>", "which of several models in one file, such as model_ema")
    .option("--chunk <n>", "pictures or texts that are embedded together", wholeNumber(1), 64)
    .addOption(shardOption())
    .option("--trace", "show the stack of an error")
    .action(async (weights, path, { out: whole, format, of, rows, limit, shard, ...others }) => {
      await checkOutput("--out", whole, "folder");
      const { device, threads, activation, part, chunk, trace: _, ...choices } = others;
      const progress = createProgress(world.stderr, world);
      const settings = {
        ...{ weights, source: path, format, of: of ?? null, rows, limit: limit ?? null },
        ...{
          device,
          threads: threads ?? null,
          chunk,
          activation: activation ?? null,
          part: part ?? null,
        },
        ...{ imageColumn: choices.imageColumn ?? null, delimiter: choices.delimiter ?? null },
        captionColumns: choices.captionColumns ?? null,
      };
      const embed = (out: string, processes: Processes) =>
        interruptible(async (signal) => {
          await using opened = await openFor(processes, device, threads);
          await using model = await loadModel(weights, {
            ...{ device: opened.device, chunk, log: progress.line, plugins: plugins.plugins },
            ...(activation === undefined ? {} : { activation }),
            ...(part === undefined ? {} : { part }),
          });
          const { towers, encoder, context } = model;
          progress.line(`model: ${model.name}`);
          const source = await openEmbedSource(path, of as EmbedKind | undefined, {
            limit: limit ?? null,
            ...captionChoices(choices),
          }, context);
          const fingerprints = await towerFingerprints(
            towers,
            valuesOnDevice(model.parameters),
            model.device,
          );
          const facts = {
            ...{ model: model.name, weights, towers: { ...fingerprints } },
            ...{ source: path, data: source.fingerprint, dim: model.dim },
            ...{ format: format as PartFormat, rowsAPart: rows },
          };
          const watched = watchedEncoder(encoder, {
            onProgress: ({ kind, ...info }) => progress.work({ ...info, what: kind }),
            log: progress.line,
            signal,
          });
          const { exchange } = processes;
          const own = sharesOf(source.sets, rows, shard ?? shardOf(exchange));
          try {
            const report = await together(
              exchange,
              `embedding ${source.fingerprint}`,
              () => embedAll(own, { out, log: progress.line, signal, facts, encoder: watched }),
            );
            const { rows: written, kept, broken } = await sumReports(report, exchange);
            progress.close();
            if (kept > 0) progress.line(`${kept} parts were there already`);
            if (broken > 0) {
              progress.line(
                `${broken} pictures cannot be decoded; ${out}/*.faults.jsonl name them`,
              );
            }
            writeText(world.stdout, `${written} rows written to ${out}\n`);
            return true;
          } catch (error) {
            if (!isStop(error, signal)) throw error;
            progress.line("stopped; the same command goes on with the parts that are missing");
            done(interruptedCode);
            return false;
          }
        }, () => progress.line("stopping; Ctrl-C again stops at once"));
      if (shard === undefined) {
        await sharedWork(world, async (processes) => {
          await embed(whole, processes);
          return 0;
        });
        return;
      }
      await doPart(
        whole,
        shard,
        { command: "embed", settings },
        progress.line,
        (out) => embed(out, aloneProcess),
      );
    });
};

export default defineEmbed;

/** Joins the parts that `--shard` left. */
export const merge: MergeParts = mergeEmbeddings;

/** The device; with threads of its own where they were asked for, or others compute beside it. */
async function openFor(processes: Processes, choice: DeviceChoice, asked: number | undefined) {
  const threads = asked ?? processes.threads;
  if (threads === 0) return { device: choice, [Symbol.asyncDispose]: () => Promise.resolve() };
  const device = await openDevice(choice, { threads, processes: processes.onMachine });
  return { device, [Symbol.asyncDispose]: () => device.dispose() };
}

/** The share of one of several processes. */
function shardOf({ rank, size }: Exchange): Shard {
  return { number: rank + 1, count: size };
}

/** What came of the shares of all processes. */
async function sumReports(own: EmbedReport, exchange: Exchange): Promise<EmbedReport> {
  const all = (await exchange.gatherNames([JSON.stringify(own)]))
    .map((text) => JSON.parse(text) as EmbedReport);
  const sum = (name: keyof EmbedReport) => all.reduce((total, each) => total + each[name], 0);
  return { rows: sum("rows"), kept: sum("kept"), broken: sum("broken") };
}

/** The files to be written of a share: files go round the shares. */
function sharesOf(sets: readonly EmbedSet[], rows: number, shard: Shard) {
  return partsOf(sets, rows).filter((_, place) => isShare(shard, place));
}
