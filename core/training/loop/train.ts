/**
 * The training loop.
 *
 * @module
 */
import type { Standing } from "./standing.ts";
import type { DataSet } from "../../dataset.ts";
import type { Encoder } from "../../evaluator.ts";
import type { DualEncoder } from "../../model.ts";
import type { LossExtra } from "../../loss.ts";
import type { AnyObjective, Objective } from "../../objective.ts";
import type { Recipe } from "../../recipe.ts";
import type { Device } from "../../device/device.ts";
import { aloneProcess, type Processes } from "../../processes/processes.ts";
import { anyOf } from "../../processes/together.ts";
import { batchesAhead, composeAhead } from "./ahead.ts";
import { createBatchStream } from "./batches.ts";
import { countRepeats, describeRepeats, type Repeats } from "./identity.ts";
import { comesAgain, rasterRoom } from "./kept_rasters.ts";
import type { StepRecord } from "./step_record.ts";
import { resetLossStates, type TrainingState } from "./state.ts";
import type { LossValues } from "../step/loss_step.ts";
import { roomFor } from "../step/keeper.ts";
import { createTrainStep } from "../step/train_step.ts";
import { warmRate } from "./warm_rate.ts";

/** What the loop is run on. */
export interface TrainOptions {
  /** What to do: objectives, optimiser, schedule, batch, seed. */
  readonly recipe: Recipe;
  /** Where the steps run. */
  readonly device: Device;
  /** The model that is trained. */
  readonly model: DualEncoder;
  /** The model by which losses get frozen embeddings, where one asks for them. */
  readonly frozen?: Encoder;
  /** The examples that batches are made of. */
  readonly data: DataSet;
  /** What is on the device; the loop changes it in place. */
  readonly state: TrainingState;
  /** Where to begin: the start of the run, or what a checkpoint says. */
  readonly from: Standing;
  /** Steps of the whole run. */
  readonly total: number;
  /** What happens beside the loop. */
  readonly hooks: TrainHooks;
  /** Asks to stop after the step that is under way; where processes share it, any of them may. */
  readonly signal?: AbortSignal;
  /** The processes that share the steps. Default: this one trains alone. */
  readonly processes?: Pick<Processes, "exchange" | "beside">;
  /**
   * Whether pictures that come again are kept as they were resized, and a frozen image tower's
   * embeddings of them. Default: where they do, in another epoch or with another of their captions.
   */
  readonly keepPictures?: boolean;
}

/** What happens beside the loop. */
export interface TrainHooks {
  /** When a batch is composed, before its step. */
  readonly onBatch?: (
    batch: { readonly ids: readonly string[]; readonly epoch: number },
    step: number,
    objective: Objective<LossExtra>,
  ) => Promise<void>;
  /** After every step. */
  readonly onStep: (step: StepRecord, standing: Standing) => Promise<void>;
  /** A line for the person who runs it. */
  readonly onLine: (line: string) => void;
  /** What to say about the last good checkpoint when a loss is not finite. */
  readonly lastCheckpoint: () => string | undefined;
}

/** Trains from a standing to the last step; returns the standing that it came to. */
export async function train(options: TrainOptions): Promise<Standing> {
  const { recipe, device, model, data, state, total, hooks, signal } = options;
  const { exchange, beside } = options.processes ?? aloneProcess;
  const { objectives, batch, seed, chunk, precision } = recipe;
  const frozen = options.frozen === undefined ? {} : { frozen: options.frozen };
  const memory = roomFor(recipe.memory, device);
  const { keepPictures = comesAgain(data, { steps: total, batch }) } = options;
  const trainStep = await createTrainStep({
    ...{ device, model, chunk, precision, memory, keepPictures, state, recipe, exchange },
    ...frozen,
  });
  const stream = createBatchStream({
    data,
    model,
    batch,
    seed,
    from: options.from.next,
    exchange: beside,
    rasterBytes: keepPictures ? rasterRoom(device) : 0,
    onSkip: ({ reason }) => hooks.onLine(`skipped an example: ${reason}`),
  });
  const told = new Set<string>();
  /** Says it once for each objective; every step's metrics have the counts. */
  const tellRepeats = (step: number, name: string, repeats: Repeats) => {
    const description = describeRepeats(repeats);
    if (description === undefined || told.has(name)) return;
    told.add(name);
    hooks.onLine(`step ${step} (${name}): ${description}`);
  };
  const objectiveOf = (step: number): AnyObjective => objectives[step % objectives.length]!;

  let standing = options.from;
  // Processes make their batches together, and so as many of them.
  const most = exchange.size > 1 ? 1 : batchesAhead(recipe, model);
  const ahead = composeAhead(stream, { from: standing.step, total, most, objectiveOf });
  try {
    for (let step = standing.step; step < total; step++) {
      if (await anyOf(exchange, signal?.aborted === true)) break;
      const started = performance.now();
      // The next batches are composed while the device works on this one.
      const current = await ahead.next();
      const waited = performance.now();

      if (current.epoch !== standing.epoch) resetLossStates(state, objectives);
      const objective = objectiveOf(step);
      const { ids, identity } = current.whole ?? current;
      await hooks.onBatch?.({ ids, epoch: current.epoch }, step + 1, objective);
      const repeats = countRepeats(identity);
      tellRepeats(step + 1, objective.name, repeats);
      const result = await trainStep.add(objective, current, step, true);
      const { loss, terms, fault } = result;
      if (fault !== undefined || !Number.isFinite(loss)) {
        throw notFinite(step + 1, result, objective, ids, hooks);
      }
      const lr = warmRate(recipe, step, total);
      const updated = await trainStep.update(lr, step + 1);
      if (updated.leftOut) {
        hooks.onLine(
          `step ${step + 1}: the gradient overflowed float16; the step changed nothing, and the ` +
            `loss scale is now ${updated.lossScale! / 2}`,
        );
      }

      standing = { step: step + 1, next: current.next, epoch: current.epoch };
      const ended = performance.now();
      await hooks.onStep({
        step: step + 1,
        epoch: current.epoch,
        objective: objective.name,
        loss,
        terms,
        repeats: repeats.counts,
        ...updated,
        lr,
        seconds: (ended - started) / 1000,
        waitSeconds: (waited - started) / 1000,
      }, standing);
    }
  } finally {
    ahead.stop();
    trainStep.dispose();
  }
  return standing;
}

function notFinite(
  step: number,
  { loss, fault }: LossValues,
  objective: AnyObjective,
  ids: readonly string[],
  hooks: TrainHooks,
): Error {
  const saved = hooks.lastCheckpoint();
  return new RangeError(
    `step ${step}: ${
      fault === undefined
        ? `the loss of ${objective.name} is ${loss}`
        : `${objective.name}: ${fault}`
    }; the parameters were left as they were before it. Batch: ${
      ids.join(", ")
    }. Last good checkpoint: ${saved ?? "none"}`,
  );
}
