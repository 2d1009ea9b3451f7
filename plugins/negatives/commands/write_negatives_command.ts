/**
 * The command `write-negatives`.
 *
 * @module
 */
import type { DataSource } from "../../../core/dataset.ts";
import { createPicturePool } from "../../../core/host/images/pool.ts";
import { parseAssignment } from "../../../core/parse_assignment.ts";
import type { PluginSet } from "../../../core/join_plugins.ts";
import { checkOutput } from "../../app/cli/check_output.ts";
import type { DefineEngineCommand } from "../../app/cli/engine_command.ts";
import { interruptedCode, interruptible } from "../../app/cli/interrupt.ts";
import { loadRecipe } from "../../app/cli/load_recipe.ts";
import { wholeNumber } from "../../app/cli/options.ts";
import { writeText } from "../../app/terminal/text_stream.ts";
import { doPart } from "../../app/shards/do_part.ts";
import type { MergeParts } from "../../app/shards/merge.ts";
import { shardOption } from "../../app/shards/shard_option.ts";
import { captions } from "../../captions/captions.ts";
import { writeNegatives } from "../write_negatives.ts";
import { loadGenerator } from "./load_generator.ts";
import { mergeNegatives } from "./merge_negatives.ts";

/** Milliseconds between two lines about the progress. */
const LOG_EVERY = 10_000;

/** Writes the negatives of a table's captions ahead of training. */
const defineWriteNegatives: DefineEngineCommand = (command, { plugins, world, done }) => {
  const { recipes, negatives: generators } = plugins;
  command
    .argument(
      "<captions>",
      "a file or folder of captions (CSV, TSV, COCO's JSON, JSON lines, Parquet, tar), or a recipe",
    )
    .argument("<out>", "the folder for the negatives; call it again to go on")
    .argument("[options...]", "options of the generator, as path=value: preset=released")
    .requiredOption(
      "--generator <name>",
      `${Object.keys(generators).join(", ")}, or a module's path`,
    )
    .option("--seed <n>", "the seed of every random choice", wholeNumber(0), 0)
    .option("--part <n>", "captions a part", wholeNumber(1), 10_000)
    .addOption(shardOption())
    .option("--trace", "show the stack of an error")
    .action(async (reference, out, assignments, { generator, seed, part, shard }) => {
      const log = (line: string) => writeText(world.stderr, `${line}\n`);
      await checkOutput("<out>", out, "folder");
      const options = assignments.map(parseAssignment).map(({ path, value }) => [path, value]);
      const negatives = (await loadGenerator(generator, generators)).with(
        Object.fromEntries(options),
      );
      const write = (folder: string) =>
        interruptible(async (signal) => {
          using images = createPicturePool({ workers: 0 });
          const assets = (await world.loadEngine()).createAssets(log);
          const source = await sourceOf(reference, recipes);
          const data = await source.open({ assets, images, log });
          let last = performance.now();
          const onProgress = (written: number, total: number) => {
            if (performance.now() - last < LOG_EVERY) return;
            last = performance.now();
            log(`${written} of ${total} captions`);
          };
          return await writeNegatives(
            {
              ...{ negatives, data, folder, assets, log, seed, part, signal, onProgress },
              ...(shard === undefined ? {} : { shard }),
            },
          );
        }, () => log("stopping after this part; Ctrl-C again stops at once"));
      const settings = { captions: reference, generator, options: assignments, seed, part };
      await doPart(out, shard, { command: "write-negatives", settings }, log, async (folder) => {
        const report = await write(folder);
        const kept = report.captions - report.written;
        writeText(
          world.stdout,
          report.completed
            ? `${folder}: negatives of ${report.captions} captions, ${kept} of them there before\n`
            : `${folder}: stopped; the same command goes on from here\n`,
        );
        if (!report.completed) done(interruptedCode);
        return report.completed;
      });
    });
};

export default defineWriteNegatives;

/** Joins the parts that `--shard` left. */
export const merge: MergeParts = mergeNegatives;

/** A file or folder of captions, or the data of a recipe. */
async function sourceOf(reference: string, recipes: PluginSet["recipes"]): Promise<DataSource> {
  const isRecipe = Object.hasOwn(recipes, reference) || /^jsr:|\.[mc]?[jt]s$/i.test(reference);
  // A name that is mistyped is explained best where recipes are looked for.
  if (!isRecipe && /[./\\]/.test(reference)) return captions({ path: reference });
  return (await loadRecipe(reference, recipes)).recipe.data;
}
