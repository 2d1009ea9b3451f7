import type { EngineHost } from "../../app/cli/engine_command.ts";
import { interruptedCode, interruptible } from "../../app/cli/interrupt.ts";
import { loadDefaultExport, loadRecipe } from "../../app/cli/load_recipe.ts";
import { createPicturePool } from "../../../core/host/images/pool.ts";
import { openDevice } from "../../../core/host/devices/open_device.ts";
import { createProgress } from "../../app/terminal/progress.ts";
import type { DeviceChoice } from "../../app/runs/run_options.ts";
import { writeText } from "../../app/terminal/text_stream.ts";
import type { Assets } from "../../../core/assets.ts";
import { defineRecipe } from "../../../core/define_recipe.ts";
import type { Evaluator } from "../../../core/evaluator.ts";
import type { ModelSource } from "../../../core/model.ts";
import { overrideRecipe } from "../../../core/override.ts";
import type { Recipe } from "../../../core/recipe.ts";
import type { PatchedDtype } from "../float_dtype.ts";
import { locateCheckpoint } from "../../clip/locate_checkpoint.ts";
import { sweep } from "./sweep.ts";
import { sweepMarkdown } from "./sweep_tables.ts";
import { writeSweep } from "./write_sweep.ts";

/** What the command line says of a sweep. */
export interface SweepRequest {
  /** The pretrained weights, as the recipe's model takes them. */
  readonly before: string;
  /** The fine-tuned weights, likewise. */
  readonly after: string;
  readonly alphas: readonly number[];
  readonly dtype: PatchedDtype;
  /** Name, path or address of the recipe. */
  readonly recipe: string;
  /** Settings of the recipe to change. */
  readonly overrides: readonly string[];
  /** A module of evaluators in place of the recipe's. */
  readonly evaluators: string | undefined;
  readonly out: string;
  readonly device: DeviceChoice;
}

/**
 * Scores every α with a recipe's model and evaluators, writes tables and plot to a folder, and
 * prints the table.
 *
 * @returns the exit code.
 */
export async function executeSweep(
  request: SweepRequest,
  { plugins, world }: EngineHost,
): Promise<number> {
  const recipe = await resolveRecipe(
    request,
    (await loadRecipe(request.recipe, plugins.recipes)).recipe,
  );
  const { alphas, dtype, out } = request;
  const progress = createProgress(world.stderr, world);
  const log = (line: string) => progress.line(line);
  return await interruptible(async (signal) => {
    using images = createPicturePool();
    const { createAssets } = await world.loadEngine();
    const context = { assets: createAssets(log), images, log };
    const load = async (weights: string) =>
      await (await withWeights(recipe.model, weights, context.assets)).load(context);
    const before = await load(request.before);
    const after = await load(request.after);
    const device = await openDevice(request.device);
    try {
      const { evaluators, chunk } = recipe;
      const points = await sweep({
        ...{ before, after, alphas, dtype, evaluators, device, chunk },
        ...{ context, progress, signal },
        embeddings: world.embeddings(),
        folder: out,
      }).finally(() => progress.close());
      await writeSweep(out, points);
      writeText(world.stdout, `${sweepMarkdown(points)}\n\ntables and plot: ${out}\n`);
      if (points.length === alphas.length) return 0;
      log(
        `stopped after ${points.length} of ${alphas.length}; the same command goes on from there`,
      );
      return interruptedCode;
    } finally {
      await device.dispose();
    }
  }, () => log("stopping after this picture; Ctrl-C again stops at once"));
}

async function resolveRecipe(request: SweepRequest, loaded: Recipe): Promise<Recipe> {
  const { evaluators: module, overrides } = request;
  const evaluators = module === undefined
    ? loaded.evaluators
    // Checked with the rest of the recipe.
    : await loadDefaultExport(module) as readonly Evaluator[];
  const recipe = overrideRecipe(defineRecipe({ ...loaded, evaluators }), overrides);
  if (recipe.evaluators.length > 0) return recipe;
  throw new RangeError(
    `${module ?? request.recipe}: expected evaluators to score with, found none; ` +
      "--evaluators names a module that has some",
  );
}

/** The recipe's model with other weights; those in a folder are named by their file. */
async function withWeights(
  model: ModelSource,
  weights: string,
  assets: Assets,
): Promise<ModelSource> {
  if (!Object.hasOwn(model.options, "weights")) {
    throw new RangeError(
      `the recipe's model ${model.name} has no option "weights": expected one that can be given ` +
        `${weights}`,
    );
  }
  const isFolder = await Deno.stat(weights).then((info) => info.isDirectory, () => false);
  return model.with({
    weights: isFolder ? (await locateCheckpoint(weights, assets)).weights : weights,
  });
}
