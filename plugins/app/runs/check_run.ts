/**
 * What a run needs, looked at before any work is done.
 *
 * @module
 */
import type { Context } from "../../../core/context.ts";
import { type DataSet, reportFaults } from "../../../core/dataset.ts";
import { AssetError } from "../../../core/host/assets/asset_error.ts";
import { freeSpace } from "../../../core/host/storage/free_space.ts";
import type { DualEncoder } from "../../../core/model.ts";
import type { Recipe } from "../../../core/recipe.ts";
import { totalSteps } from "../../../core/training/loop/steps.ts";
import { checkPictures } from "./check_pictures.ts";
import { type CheckedNeed, type Found, look, lookAtEvaluator } from "./needs.ts";
import { writtenBytes } from "./written_bytes.ts";

/** What is found of a recipe's data and benchmarks. */
export interface CheckedInputs {
  readonly needs: readonly CheckedNeed[];
  /** The data, where it can be read and is enough for a batch. */
  readonly data: DataSet | undefined;
}

/**
 * Opens the data, looks for its pictures, and asks every benchmark whether what it needs is there.
 *
 * @param onNeed Hears of each as it comes.
 */
export async function checkInputs(
  recipe: Recipe,
  context: Context,
  onNeed: (need: CheckedNeed) => void = () => {},
): Promise<CheckedInputs> {
  const needs: CheckedNeed[] = [];
  const note = <T>({ need, value }: Found<T>) => {
    needs.push(need);
    onNeed(need);
    return value;
  };
  const data = note(
    await look("data", async () => {
      const value = await recipe.data.open(context);
      reportFaults(value, context.log);
      totalSteps(recipe, value);
      return { value, state: `${value.name}, ${value.length.toLocaleString("en-US")} examples` };
    }),
  );
  if (data !== undefined) {
    note(await look("pictures", async () => ({ value: data, state: await checkPictures(data) })));
  }
  for (const evaluator of recipe.evaluators) {
    note(await lookAtEvaluator(evaluator, context));
  }
  return { needs, data };
}

/**
 * Loads the model. Where its weights would have to be downloaded and cannot be, the error names a
 * recipe that needs none.
 */
export async function loadModel(recipe: Recipe, context: Context): Promise<DualEncoder> {
  try {
    return await recipe.model.load(context);
  } catch (error) {
    const isRemote = error instanceof AssetError &&
      error.attempts.some(({ address }) => /^https?:/.test(address));
    if (!isRemote) throw error;
    throw new Error(`${error.message} The recipe clic-tiny needs no download.`, { cause: error });
  }
}

/**
 * Holds the free space of the disk against what the run writes.
 *
 * @param runs The folder that its folder is made in.
 * @param steps Steps of the whole run; undefined if that is not known.
 */
export async function checkDisk(
  recipe: Recipe,
  model: DualEncoder,
  runs: string,
  steps: number | undefined,
): Promise<CheckedNeed> {
  const found = await look("disk", async () => {
    const { checkpoint, model: whole, most } = writtenBytes(recipe, model, steps);
    const writes = `the run writes up to ${size(most)} (a checkpoint ${size(checkpoint)}, ` +
      `the model ${size(whole)})`;
    const free = await freeSpace(runs);
    if (free === undefined) return { value: most, state: `${runs}: ${writes}` };
    if (free >= most) return { value: most, state: `${runs}: ${writes}; ${size(free)} are free` };
    throw new RangeError(
      `${runs}: ${writes}, found ${size(free)} free; --runs names another folder, and ` +
        "checkpointEvery=0 keeps a single checkpoint",
    );
  });
  return found.need;
}

function size(bytes: number): string {
  return bytes < 2 ** 30
    ? `${(bytes / 2 ** 20).toFixed(0)} MiB`
    : `${(bytes / 2 ** 30).toFixed(1)} GiB`;
}
