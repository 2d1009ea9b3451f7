/**
 * The command `study`.
 *
 * @module
 */
import { resolve } from "node:path";
import { checkOutput } from "../cli/check_output.ts";
import type { DefineEngineCommand } from "../cli/engine_command.ts";
import { executeStudy } from "../cli/execute_recipe.ts";
import { loadRecipeOrStudy, overridePlanned } from "../cli/load_recipe.ts";
import { deviceOption, threadsOption, wholeNumber, wholeStatesOption } from "../cli/options.ts";
import { standardHooks } from "../runs/standard_hooks.ts";
import { doPart } from "../shards/do_part.ts";
import type { MergeParts } from "../shards/merge.ts";
import { shardOption } from "../shards/shard_option.ts";
import { writeText } from "../terminal/text_stream.ts";
import { mergeStudy } from "./merge_study.ts";
import { sweepArms } from "./sweep_arms.ts";

/** Runs a study, or a recipe with several values of its settings. */
const defineStudyCommand: DefineEngineCommand = (command, { plugins, world, done }) => {
  command
    .argument("<name>", "a study or recipe: its name, the path of its file, or its address")
    .argument("[overrides...]", "settings to change in all runs, as path=value: batch=64")
    .requiredOption("--out <folder>", "the study's folder; call it again to go on")
    .option(
      "--sweep <settings...>",
      "settings with their values: optimizer.lr=1e-6,3e-6; every combination is an arm",
    )
    .option("--seeds <n>", "how many seeds each arm is run with, from 0", wholeNumber(1))
    .addOption(deviceOption())
    .addOption(threadsOption())
    .addOption(wholeStatesOption())
    .addOption(shardOption())
    .option("--trace", "show the stack of an error")
    .action(async (name, overrides, { out, sweep = [], seeds, shard, ...means }) => {
      const log = (line: string) => writeText(world.stderr, `${line}\n`);
      await checkOutput("--out", out, "folder");
      const { recipe, source } = await loadRecipeOrStudy(name, plugins.recipes);
      const study = sweepArms(overridePlanned(recipe, overrides), sweep, seeds);
      const hooks = [...standardHooks(plugins), ...await plugins.hooks()];
      const settings = { study: source, overrides, sweep, seeds: [...study.seeds] };
      const run = async (folder: string) => {
        const code = await executeStudy(study, {
          ...means,
          runs: folder,
          folder,
          hooks,
          source: { recipe: source, overrides, folder: Deno.cwd(), sweep, seeds: study.seeds },
          ...(shard === undefined ? {} : { shard }),
        }, world);
        done(code);
        return code === 0;
      };
      // The whole of it several processes share.
      if (shard === undefined) await run(resolve(out));
      else await doPart(resolve(out), shard, { command: "study", settings }, log, run);
    });
};

export default defineStudyCommand;

/** Joins the parts that `--shard` left. */
export const merge: MergeParts = mergeStudy;
