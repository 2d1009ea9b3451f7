/**
 * A step of training, from a batch to new parameters: embed, exchange, loss at the embeddings,
 * backward, exchange, update.
 *
 * A batch whose rows fit the chunk goes through one program: towers, loss and gradients. A larger
 * one goes in parts, exactly (Gao et al. 2021, "gradient cache"): embed all parts, differentiate the
 * loss at the embeddings, take each part back with the gradient that arrived at its rows. What a part
 * leaves for its way back is kept as far as there is room, else it goes forward a second time: memory
 * then follows the chunk, not the batch. Each tower is treated by itself; one that is frozen is only
 * run forward. Where several processes share a step, each embeds its own rows and takes the gradient
 * of the whole batch's loss at them.
 *
 * @module
 */
import type { Encoder } from "../../evaluator.ts";
import type { AnyObjective } from "../../objective.ts";
import type { Recipe } from "../../recipe.ts";
import type { ForwardOptions } from "../../towers/forward.ts";
import { checkPrecision } from "../../precision.ts";
import { wholeTexts } from "../../towers/text_parts.ts";
import type { Batch } from "../loop/batches.ts";
import type { TrainingState } from "../loop/state.ts";
import { type WholeBatch, wholeBatch } from "../loop/whole_batch.ts";
import { backward } from "./backward.ts";
import { describeBroken } from "./broken_row.ts";
import { embed } from "./embed.ts";
import { alone, type Exchange } from "../../processes/exchange.ts";
import { gather, ownRows } from "./gather.ts";
import { createKeeper } from "./keeper.ts";
import { createKnownPictures } from "./known_pictures.ts";
import { openLossScale } from "./loss_scale.ts";
import { shareGradients } from "./shared_gradients.ts";
import { teach } from "./teach.ts";
import { differentiateLoss, type LossValues } from "./loss_step.ts";
import type { EmbeddedBatch } from "./tower_rows.ts";
import { createUpdates, type UpdateRecord } from "./updates.ts";

/** What {@linkcode createTrainStep} needs. */
export interface TrainStepOptions extends Omit<ForwardOptions, "parameters"> {
  /** What is on the device; a step changes it in place. */
  readonly state: TrainingState;
  /** The update rule, the largest norm of the gradient, and how averages are kept. */
  readonly recipe: Pick<Recipe, "optimizer"> & Partial<Pick<Recipe, "clipNorm" | "average">>;
  /** The model by which losses get frozen embeddings, where one asks for them. */
  readonly frozen?: Encoder;
  /** Where the processes that share the step meet. Default: this process trains alone. */
  readonly exchange?: Exchange;
  /**
   * Bytes that what towers leave for their way back may take; parts for which there is no room go
   * forward twice, with the same result. Default 0.
   */
  readonly memory?: number;
  /** Whether a frozen image tower's embeddings are kept for pictures that come again. Default false. */
  readonly keepPictures?: boolean;
}

/** The two halves of a step, between which the loss can be looked at. */
export interface TrainStep {
  /**
   * Adds the gradients of a batch's loss to the sums, and moves the loss's state on. Where it finds a
   * fault, the sums are not to be used.
   *
   * @param step Steps done.
   * @param last Whether the update comes next: processes that share the step then begin to add up
   *   what is done while the rest is still computed. Default false.
   */
  add(
    objective: AnyObjective,
    batch: Batch,
    step: number,
    last?: boolean,
  ): Promise<LossValues>;
  /**
   * Takes the gradients that were added to new parameters, and sets them back to zero.
   *
   * @param lr The learning rate.
   * @param step 1 for the first.
   * @throws {RangeError} if the gradient's norm is asked for and not finite in float32; nothing is
   *   changed then.
   */
  update(lr: number, step: number): Promise<UpdateRecord>;
  /** Frees what the step keeps for itself. */
  dispose(): void;
}

/** Prepares steps on a device. */
export async function createTrainStep(options: TrainStepOptions): Promise<TrainStep> {
  const { device, model, chunk, state, recipe, exchange = alone, memory = 0 } = options;
  const { precision = "float32" } = options;
  const { parameters, gradients, averages } = state;
  checkPrecision(precision, device);
  const lossScale = state.scaling && await openLossScale(state.scaling);
  const updates = await createUpdates({ device, ...recipe, ...state, lossScale, exchange });
  const keeper = createKeeper(memory);
  const known = options.keepPictures ? createKnownPictures(model.dim) : undefined;
  const parted = state.parted !== undefined;
  const shared = shareGradients(state.trained, gradients, exchange, parted);
  const towers = {
    ...{ device, model, chunk, precision, parameters, gradients, keeper, known, lossScale },
    // The program of a loss is in float32.
    together: exchange.size === 1 && precision === "float32",
    ...{ frozen: options.frozen, averages },
  };
  // The loss's own parameters have the same gradient in all processes: one of them adds it.
  const sums = { ...towers, gradients: exchange.rank === 0 ? gradients : new Map() };
  const embedBatch = async (
    { loss }: AnyObjective,
    batch: Batch,
    whole: WholeBatch,
    by: typeof towers,
  ) => {
    const { parts, ...own } = await embed(loss, batch, by);
    const teachers = await teach(loss, batch, by);
    const embedded = { rows: batch.ids.length, ...own, teachers, read: batch.read ?? [] };
    return { parts, own, all: await gather(embedded, whole, exchange) };
  };
  const add: TrainStep["add"] = async (objective, batch, step, last = false) => {
    shared.check();
    const moment = { step, epoch: batch.epoch };
    const differentiate = (all: EmbeddedBatch) =>
      differentiateLoss(objective, all, moment, state.losses.get(objective.name)!, sums);
    const whole = batch.whole ?? await wholeBatch(batch, exchange);
    const { parts, own, all } = await embedBatch(objective, batch, whole, towers);
    const { arrived, broken, ...values } = await differentiate(all);
    if (broken !== undefined) {
      // Nothing is trained on this: only forward, and every text by itself, which tells the one.
      const apart = {
        ...{ ...towers, model: wholeTexts(model), gradients: new Map() },
        ...{ together: false, known: undefined },
      };
      const again = await differentiate((await embedBatch(objective, batch, whole, apart)).all);
      return { ...values, fault: describeBroken(again.broken ?? broken, whole.ids) };
    }
    for (const tower of ["text", "image"] as const) {
      const everywhere = arrived[tower];
      if (everywhere === undefined) continue;
      const here = ownRows(everywhere, own[tower].groups, all, batch.ids.length);
      await backward(parts[tower], here, towers);
      if (last) shared.begin(tower);
    }
    return values;
  };
  return {
    add: async (...batch) => {
      try {
        return await add(...batch);
      } finally {
        keeper.clear();
      }
    },
    update: async (lr, step) => {
      await shared.finish();
      return await updates.apply(lr, step);
    },
    dispose: () => updates.dispose(),
  };
}
