/**
 * A step of training, from a batch to new parameters: embed, exchange, loss at the embeddings,
 * backward, exchange, update.
 *
 * A batch whose rows fit the chunk goes through one program: towers, loss and gradients. A larger
 * one goes in parts, exactly (Gao et al. 2021, "gradient cache"): embed all parts, differentiate the
 * loss at the embeddings, run each part again with the gradient that arrived at its rows. Memory
 * then follows the chunk, not the batch. Each tower is treated by itself; one that is frozen is only
 * run forward. Where several processes share a step, each embeds its own rows and takes the gradient
 * of the whole batch's loss at them.
 *
 * @module
 */
import type { Objective } from "../../objective.ts";
import type { Optimizer } from "../../optimizer.ts";
import type { ForwardOptions } from "../../towers/forward.ts";
import type { Batch } from "../loop/batches.ts";
import type { TrainingState } from "../loop/state.ts";
import { backward } from "./backward.ts";
import { embed } from "./embed.ts";
import { alone, type Exchange } from "./exchange.ts";
import { gather, ownRows } from "./gather.ts";
import { differentiateLoss, type LossValues } from "./loss_step.ts";
import { createUpdates } from "./updates.ts";

/** What {@linkcode createTrainStep} needs. */
export interface TrainStepOptions extends Omit<ForwardOptions, "parameters"> {
  /** What is on the device; a step changes it in place. */
  readonly state: TrainingState;
  /** The update rule. */
  readonly optimizer: Optimizer;
  /** Where the processes that share the step meet. Default: this process trains alone. */
  readonly exchange?: Exchange;
}

/** The two halves of a step, between which the loss can be looked at. */
export interface TrainStep {
  /** Adds the gradients of a batch's loss to the sums, and moves the loss's state on. */
  add(objective: Objective, batch: Batch): Promise<LossValues>;
  /**
   * Takes the gradients that were added to new parameters, and sets them back to zero.
   *
   * @param lr The learning rate.
   * @param step 1 for the first.
   */
  update(lr: number, step: number): Promise<void>;
  /** Frees what the step keeps for itself. */
  dispose(): void;
}

/** Prepares steps on a device. */
export async function createTrainStep(options: TrainStepOptions): Promise<TrainStep> {
  const { device, model, chunk, state, optimizer, exchange = alone } = options;
  const { parameters, gradients } = state;
  const updates = await createUpdates({ device, optimizer, ...state });
  const towers = { device, model, parameters, gradients, chunk };
  // The loss's own parameters have the same gradient in all processes: one of them adds it.
  const loss = { ...towers, gradients: exchange.rank === 0 ? gradients : new Map() };
  return {
    add: async (objective, batch) => {
      const own = await embed(batch, exchange.size === 1, towers);
      const all = await gather(own, exchange);
      const { arrived, ...values } = await differentiateLoss(
        objective,
        all,
        state.losses.get(objective.name)!,
        loss,
      );
      for (const tower of ["text", "image"] as const) {
        const everywhere = arrived[tower];
        if (everywhere === undefined) continue;
        const here = ownRows(everywhere, own[tower].groups, all, own.rows);
        await backward(own.parts[tower], here, towers);
      }
      return values;
    },
    update: async (lr, step) => {
      await exchange.sum(gradients.values());
      await updates.apply(lr, step);
    },
    dispose: () => updates.dispose(),
  };
}
