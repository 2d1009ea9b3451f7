import type { DualEncoder, ParameterSpec } from "../../../core/model.ts";
import type { Recipe } from "../../../core/recipe.ts";
import { sizeOf } from "../../../core/graph/node.ts";
import { selectTrained } from "../../../core/training/optimizers/select_parameters.ts";

/** Checkpoints that stand while another is written: the last two, and that one. */
const CHECKPOINTS = 3;

/** What a run writes, in bytes: float32 values, which all else is small beside. */
export interface WrittenBytes {
  /** One checkpoint: what is trained, and what the optimiser keeps for it. */
  readonly checkpoint: number;
  /** One model. */
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
  recipe: Pick<Recipe, "frozen" | "optimizer" | "checkpointEvery" | "after">,
  { parameters }: Pick<DualEncoder, "parameters">,
  steps: number | undefined,
): WrittenBytes {
  const { frozen, optimizer, checkpointEvery, after } = recipe;
  const bytesOf = (specs: readonly ParameterSpec[]) =>
    4 * specs.reduce((sum, { shape }) => sum + sizeOf(shape), 0);
  const checkpoint = bytesOf(selectTrained(parameters, frozen)) * (1 + optimizer.slots.length);
  const model = bytesOf(parameters);
  // One at the end, and one each time that it is due.
  const written = checkpointEvery === 0 ? 1 : Math.ceil((steps ?? Infinity) / checkpointEvery);
  const models = (after.length === 0 ? 1 : 2) * model;
  const training = Math.min(written, CHECKPOINTS) * checkpoint;
  const end = Math.min(written, CHECKPOINTS - 1) * checkpoint + models;
  return { checkpoint, model, most: Math.max(training, end) };
}
