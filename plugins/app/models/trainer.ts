/**
 * Training by hand: batches and steps, and between them whatever a script wants.
 *
 * @module
 */
import type { DataSet } from "../../../core/dataset.ts";
import { importLater } from "../../../core/import_later.ts";
import type { LossExtra } from "../../../core/loss.ts";
import type { Objective } from "../../../core/objective.ts";
import type { RecipeSettings } from "../../../core/recipe.ts";
import type { StepRecord } from "../../../core/training/loop/step_record.ts";
import type { LoadedModel } from "./loaded_model.ts";

/** What is trained by hand: settings of a recipe that a step depends on. */
export interface TrainerSettings
  extends
    Pick<RecipeSettings, "data" | "optimizer" | "batch">,
    Partial<
      Pick<
        RecipeSettings,
        | ("frozen" | "trained" | "clipNorm" | "average" | "teacher")
        | ("chunk" | "memory" | "precision" | "seed")
      >
    > {
  /** Steps take these in turn, the first one first. */
  readonly objectives: readonly Objective<LossExtra>[];
}

/** A batch that is composed, for one step. */
export interface TrainerBatch {
  /** What each row was made of. */
  readonly ids: readonly string[];
  /** The epoch that it began in, 0-based. */
  readonly epoch: number;
  /** The name of the objective that it was composed for. */
  readonly objective: string;
}

/** Trains a model step by step. `await using` frees what it has on the device; the model stays. */
export interface Trainer extends AsyncDisposable {
  /** The data, opened. */
  readonly data: DataSet;
  /** Steps done. */
  readonly steps: number;
  /** The next batch: the batches are those of a recipe with these settings. */
  nextBatch(): Promise<TrainerBatch>;
  /**
   * The loss of a batch, its gradient, and an update of the model.
   *
   * @param batch One that this trainer composed.
   * @param lr The learning rate of this step. Default: the optimiser's.
   * @returns the loss before the update, and the gradient's norm where it is clipped.
   * @throws {RangeError} if the loss is not finite; the model is left as it was.
   */
  step(
    batch: TrainerBatch,
    lr?: number,
  ): Promise<Pick<StepRecord, "loss" | "terms" | "gradientNorm" | "leftOut">>;
}

/**
 * Prepares training of a model by hand. Its steps change the model in place, to the same values as a
 * recipe with these settings and the same learning rates.
 *
 * @throws {SettingsError} with one line for each setting that does not fit.
 *
 * @example
 * ```ts
 * import { contrastive, singleCaption } from "@syntagma/syntagma/contrastive";
 * import { createTrainer, loadModel } from "@syntagma/syntagma/models";
 * import { objective } from "@syntagma/syntagma";
 * import { adamw } from "@syntagma/syntagma/optimizers";
 * import { scenes } from "@syntagma/syntagma/scenes";
 *
 * await using model = await loadModel("tiny", { device: "cpu" });
 * await using trainer = await createTrainer(model, {
 *   data: scenes({ length: 100, seed: 1 }),
 *   objectives: [objective("contrastive", singleCaption(), contrastive())],
 *   optimizer: adamw({ lr: 1e-4 }),
 *   batch: 8,
 * });
 * const { loss } = await trainer.step(await trainer.nextBatch());
 * console.assert(loss > 0 && trainer.steps === 1);
 * ```
 */
export async function createTrainer(
  model: LoadedModel,
  settings: TrainerSettings,
): Promise<Trainer> {
  // Who only asks for similarities loads nothing of the training loop.
  const { openTrainer } = await importLater<typeof import("./open_trainer.ts")>(
    "./open_trainer.ts",
    import.meta.url,
  );
  return await openTrainer(model, settings);
}
