/**
 * What a run needs, looked at before any work is done.
 *
 * @module
 */
import type { Context } from "../../../core/context.ts";
import { type DataSet, reportFaults } from "../../../core/dataset.ts";
import { AssetError } from "../../../core/host/assets/asset_error.ts";
import type { LargeFileError } from "../../../core/host/assets/large_file_error.ts";
import { freeSpace } from "../../../core/host/storage/free_space.ts";
import type { DualEncoder } from "../../../core/model.ts";
import type { Recipe } from "../../../core/recipe.ts";
import { showBytes } from "../../../core/show_bytes.ts";
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

/** Where a run writes. */
export interface RunPlace {
  /** The folder that its folder is made in, or that of a run that goes on. */
  readonly folder: string;
  /** Whether it is that of a run that goes on, which has some of its files already. */
  readonly goesOn: boolean;
  /** Files that have to be downloaded before. Default: none. */
  readonly downloads?: readonly Pick<LargeFileError, "bytes" | "place">[];
}

/**
 * Holds the free space of the disk against what the run writes, and what has to be downloaded for
 * it to the same disk.
 *
 * @param steps Steps of the whole run; undefined if that is not known.
 */
export async function checkDisk(
  recipe: Recipe,
  model: DualEncoder,
  { folder, goesOn, downloads = [] }: RunPlace,
  steps: number | undefined,
): Promise<CheckedNeed> {
  const found = await look("disk", async () => {
    const { checkpoint, model: whole, most } = writtenBytes(recipe, model, steps);
    const left = goesOn ? Math.max(0, most - await bytesThere(folder)) : most;
    const writes =
      `the run writes up to ${showBytes(left)} ${goesOn ? "more " : ""}(a checkpoint ` +
      `${showBytes(checkpoint)}, the model ${showBytes(whole)})`;
    const free = await freeSpace(folder);
    if (free === undefined) return { value: left, state: `${folder}: ${writes}` };
    let comes = 0;
    for (const { place, bytes } of downloads) {
      if ((await freeSpace(place))?.disk === free.disk) comes += bytes;
    }
    const all = comes === 0 ? writes : `${writes}, and ${showBytes(comes)} are downloaded before`;
    if (free.bytes >= left + comes) {
      return { value: left, state: `${folder}: ${all}; ${showBytes(free.bytes)} are free` };
    }
    throw new RangeError(
      `${folder}: ${all}, found ${showBytes(free.bytes)} free; ` +
        (goesOn ? "" : "--runs names another folder, and ") +
        (comes === 0 ? "" : "SYNTAGMA_CACHE one for downloads, and ") +
        "checkpointEvery=0 keeps a single checkpoint",
    );
  });
  return found.need;
}

/** Bytes of the checkpoints and models that a run has written, which it keeps or writes over. */
async function bytesThere(folder: string): Promise<number> {
  let bytes = 0;
  for (const name of ["checkpoints", "model", "model-trained"]) {
    try {
      for await (const entry of Deno.readDir(`${folder}/${name}`)) {
        // What a killed process left half is removed first.
        if (!entry.isFile || entry.name.endsWith(".tmp")) continue;
        bytes += (await Deno.stat(`${folder}/${name}/${entry.name}`)).size;
      }
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound)) throw error;
    }
  }
  return bytes;
}
