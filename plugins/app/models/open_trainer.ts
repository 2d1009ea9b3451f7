import { reportFaults } from "../../../core/dataset.ts";
import { describeRecipe } from "../../../core/describe_recipe.ts";
import { defineRecipe } from "../../../core/define_recipe.ts";
import type { AnyObjective } from "../../../core/objective.ts";
import type { RecipeSettings } from "../../../core/recipe.ts";
import { type Batch, createBatchStream } from "../../../core/training/loop/batches.ts";
import { trainableParameters } from "../../../core/training/loop/loss_parameters.ts";
import { rasterRoom } from "../../../core/training/loop/kept_rasters.ts";
import { prepareObjectives } from "../../../core/training/loop/prepare.ts";
import { beginTraining, disposeState, resetLossStates } from "../../../core/training/loop/state.ts";
import { totalSteps } from "../../../core/training/loop/steps.ts";
import { constant } from "../../../core/training/optimizers/constant.ts";
import { roomFor } from "../../../core/training/step/keeper.ts";
import { createTrainStep } from "../../../core/training/step/train_step.ts";
import { aloneProcess } from "../../../core/processes/processes.ts";
import { explainShortage } from "../runs/memory_shortage.ts";
import { frozenTeacher } from "../runs/frozen_teacher.ts";
import type { LoadedModel } from "./loaded_model.ts";
import { noteTraining } from "./trained_by_hand.ts";
import type { Trainer, TrainerBatch, TrainerSettings } from "./trainer.ts";

/** Opens data, optimiser and losses for `createTrainer`. */
export async function openTrainer(
  model: LoadedModel,
  settings: TrainerSettings,
): Promise<Trainer> {
  const { context, device, towers, parameters } = model;
  const recipe = defineRecipe({
    ...settings,
    // What losses ask of the model was checked by no type: its source says what it gives.
    objectives: settings.objectives as RecipeSettings["objectives"],
    name: "by-hand",
    description: "Training by hand",
    model: model.source,
    schedule: constant(),
  });
  const data = await recipe.data.open(context);
  reportFaults(data, context.log);
  totalSteps(recipe, data);
  const { trained } = trainableParameters(recipe, towers);
  const { assets, log } = context;
  const prepared = await prepareObjectives(recipe, {
    ...{ assets, log, device, model: towers, parameters, data },
    rehearsal: false,
  });
  const frozen = await frozenTeacher(recipe, {
    ...{ device, model: towers, parameters, trained, context },
    rehearsal: false,
  });
  const state = await beginTraining(prepared, { device, model: towers, parameters, trained });
  const trainStep = await createTrainStep({
    ...{ device, model: towers, state, recipe: prepared },
    ...{ chunk: recipe.chunk, precision: recipe.precision },
    memory: roomFor(recipe.memory, device),
    ...(frozen === undefined ? {} : { frozen: frozen.encoder }),
  });
  const stream = createBatchStream({
    ...{ data, model: towers, batch: recipe.batch, seed: recipe.seed },
    from: { epoch: 0, position: 0 },
    rasterBytes: rasterRoom(device),
    onSkip: ({ reason }) => log(`skipped an example: ${reason}`),
  });
  const explain = async (error: unknown): Promise<never> => {
    throw await explainShortage(error, {
      ...{ recipe, device, model: towers, processes: aloneProcess },
      ...{ threads: 0, steps, folder: undefined },
    });
  };
  noteTraining(model, {
    ...{ recipe: describeRecipe(recipe), data: data.name },
    steps: () => steps,
  });
  const { objectives, optimizer } = prepared;
  const composed = new WeakMap<TrainerBatch, { batch: Batch; objective: AnyObjective }>();
  let batches = 0;
  let steps = 0;
  let epoch = 0;
  return {
    data,
    get steps() {
      return steps;
    },
    nextBatch: async () => {
      const objective: AnyObjective = objectives[batches++ % objectives.length]!;
      const batch = await stream.next(objective);
      const { ids, epoch } = batch;
      const shown = { ids, epoch, objective: objective.name };
      composed.set(shown, { batch, objective });
      return shown;
    },
    step: async (shown, lr = optimizer.lr) => {
      const found = composed.get(shown);
      if (found === undefined) throw new TypeError("batch: expected one that nextBatch gave");
      const { batch, objective } = found;
      if (batch.epoch !== epoch) resetLossStates(state, objectives);
      epoch = batch.epoch;
      const { loss, terms, fault } = await trainStep.add(objective, batch, steps).catch(explain);
      if (fault !== undefined || !Number.isFinite(loss)) {
        const { name } = objective;
        throw new RangeError(
          `step ${steps + 1}: ${
            fault === undefined ? `the loss of ${name} is ${loss}` : `${name}: ${fault}`
          }; the parameters were left as they were before it`,
        );
      }
      steps++;
      return { loss, terms, ...await trainStep.update(lr, steps).catch(explain) };
    },
    // deno-lint-ignore require-await -- so that it can wait for the device one day
    [Symbol.asyncDispose]: async () => {
      trainStep.dispose();
      disposeState(state, parameters.values());
      frozen?.dispose();
    },
  };
}
