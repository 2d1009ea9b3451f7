import type { DataSet } from "../../dataset.ts";
import type { Recipe } from "../../recipe.ts";

/**
 * How many steps a recipe has on a data set: those it names, else all whole batches of its epochs.
 *
 * @throws {RangeError} if the data set is smaller than a batch.
 */
export function totalSteps({ batch, epochs, steps }: Recipe, data: DataSet): number {
  if (data.length < batch) {
    throw new RangeError(
      `batch: ${data.name} has ${data.length} examples that can be used; expected at least a batch of ${batch}`,
    );
  }
  return steps ?? epochs * Math.floor(data.length / batch);
}
