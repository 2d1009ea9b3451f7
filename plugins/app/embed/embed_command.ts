/**
 * The command `embed`.
 *
 * @module
 */
import { Option } from "@commander-js/extra-typings";
import { towerFingerprints } from "../../../core/host/cache/tower_fingerprints.ts";
import { watchedEncoder } from "../../../core/host/cache/watched_encoder.ts";
import { isShare, type Shard } from "../../../core/shard.ts";
import { downloadParameters } from "../../../core/towers/device_parameters.ts";
import { captionChoices } from "../cli/caption_choices.ts";
import { checkOutput } from "../cli/check_output.ts";
import type { DefineCommand } from "../cli/command.ts";
import { interruptedCode, interruptible } from "../cli/interrupt.ts";
import { deviceOption, wholeNumber } from "../cli/options.ts";
import { loadModel } from "../models/load_model.ts";
import { createProgress } from "../terminal/progress.ts";
import { writeText } from "../terminal/text_stream.ts";
import { doPart } from "../shards/do_part.ts";
import type { MergeParts } from "../shards/merge.ts";
import { shardOption } from "../shards/shard_option.ts";
import { embedAll } from "./embed_all.ts";
import { type PartFormat, partsOf } from "./embed_part.ts";
import { type EmbedKind, type EmbedSet, openEmbedSource } from "./embed_set.ts";
import { mergeEmbeddings } from "./merge_embeddings.ts";

const formats: readonly PartFormat[] = ["parquet", "safetensors"];
const kinds: readonly EmbedKind[] = ["images", "texts", "both"];

/** Embeds pictures and texts into files. */
const defineEmbed: DefineCommand = (command, { world, plugins, done }) => {
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
      const { device, activation, part, chunk, trace: _, ...choices } = others;
      const progress = createProgress(world.stderr, world);
      const settings = {
        ...{ weights, source: path, format, of: of ?? null, rows, limit: limit ?? null },
        ...{ device, chunk, activation: activation ?? null, part: part ?? null },
        ...{ imageColumn: choices.imageColumn ?? null, delimiter: choices.delimiter ?? null },
        captionColumns: choices.captionColumns ?? null,
      };
      const embed = (out: string) =>
        interruptible(async (signal) => {
          await using model = await loadModel(weights, {
            ...{ device, chunk, log: progress.line, plugins: plugins.plugins },
            ...(activation === undefined ? {} : { activation }),
            ...(part === undefined ? {} : { part }),
          });
          const { towers, encoder, context } = model;
          progress.line(`model: ${model.name}`);
          const source = await openEmbedSource(path, of as EmbedKind | undefined, {
            limit: limit ?? null,
            ...captionChoices(choices),
          }, context);
          const fingerprints = towerFingerprints(
            towers,
            await downloadParameters(model.parameters),
            model.device,
          );
          try {
            const { rows: written, kept, broken } = await embedAll(
              sharesOf(source.sets, rows, shard),
              {
                ...{ out, log: progress.line, signal },
                facts: {
                  ...{ model: model.name, weights, towers: { ...fingerprints } },
                  ...{ source: path, data: source.fingerprint, dim: model.dim },
                  ...{ format: format as PartFormat, rowsAPart: rows },
                },
                encoder: watchedEncoder(encoder, {
                  onProgress: ({ kind, ...info }) => progress.work({ ...info, what: kind }),
                  log: progress.line,
                  signal,
                }),
              },
            );
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
            if (!signal.aborted) throw error;
            progress.line("stopped; the same command goes on with the parts that are missing");
            done(interruptedCode);
            return false;
          }
        }, () => progress.line("stopping; Ctrl-C again stops at once"));
      await doPart(whole, shard, { command: "embed", settings }, progress.line, embed);
    });
};

export default defineEmbed;

/** Joins the parts that `--shard` left. */
export const merge: MergeParts = mergeEmbeddings;

/** The files to be written, or those of a share: files go round the shares. */
function sharesOf(sets: readonly EmbedSet[], rows: number, shard: Shard | undefined) {
  const parts = partsOf(sets, rows);
  return shard === undefined ? parts : parts.filter((_, place) => isShare(shard, place));
}
