import type { DualEncoder, ParameterSpec } from "../../../core/model.ts";
import type { Recipe } from "../../../core/recipe.ts";
import { sizeOf } from "../../../core/graph/node.ts";
import { trainableParameters } from "../../../core/training/loop/loss_parameters.ts";

/** Checkpoints that stand while another is written: the last two, and that one. */
const CHECKPOINTS = 3;

/** What a run writes, in bytes: float32 values, which all else is small beside. */
export interface WrittenBytes {
  /** One checkpoint: what is trained, what the optimiser keeps for it, and its average if that is kept. */
  readonly checkpoint: number;
  /** One model, with the parameters of losses beside it. */
  readonly model: number;
  /** The most that stands at a time. */
  readonly most: number;
}

/**
 * What a run writes to its folder.
 *
 * @param steps Steps of the whole run; undefined if that is not known.
 */
export function writtenBytes(
  recipe: Recipe,
  encoder: DualEncoder,
  steps: number | undefined,
): WrittenBytes {
  const { optimizer, checkpointEvery, after, average, best } = recipe;
  const { owned, trained } = trainableParameters(recipe, encoder);
  const bytesOf = (specs: readonly ParameterSpec[]) =>
    4 * specs.reduce((sum, { shape }) => sum + sizeOf(shape), 0);
  const copies = 1 + optimizer.slots.length + (average === null ? 0 : 1);
  const checkpoint = bytesOf(trained) * copies;
  const model = bytesOf([...encoder.parameters, ...owned]);
  // One at the end, and one each time that it is due.
  const written = checkpointEvery === 0 ? 1 : Math.ceil((steps ?? Infinity) / checkpointEvery);
  const models = (after.length === 0 ? 1 : 2) * model;
  const training = Math.min(written, CHECKPOINTS) * checkpoint;
  const end = Math.min(written, CHECKPOINTS - 1) * checkpoint + models;
  const bestModel = best === null ? 0 : bytesOf(trained) * (average === null ? 1 : 2);
  return { checkpoint, model, most: Math.max(training, end) + bestModel };
}
