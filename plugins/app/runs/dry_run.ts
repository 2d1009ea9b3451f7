/**
 * What a run would take, measured on generated weights and data of its real size.
 *
 * @module
 */
import type { Recipe } from "../../../core/recipe.ts";
import { openDevice } from "../../../core/host/devices/open_device.ts";
import { rehearse } from "../../../core/device/rehearsal.ts";
import { uploadParameters } from "../../../core/towers/device_parameters.ts";
import { sizeOf } from "../../../core/graph/node.ts";
import { generatedData } from "./generated_data.ts";
import type { DryRunOptions, DryRunReport } from "./run_options.ts";
import { prepareObjectives } from "../../../core/training/loop/prepare.ts";
import { faultOf } from "./score_model.ts";
import { beginTraining, disposeState } from "../../../core/training/loop/state.ts";
import { trainableParameters } from "../../../core/training/loop/loss_parameters.ts";
import { frozenTeacher } from "./frozen_teacher.ts";
import { totalSteps } from "../../../core/training/loop/steps.ts";
import type { StepRecord } from "../../../core/training/loop/step_record.ts";
import { train } from "../../../core/training/loop/train.ts";

/** Examples that the generated data has for each one of a batch: enough to draw partners from. */
const EXAMPLES_EACH = 4;

/**
 * Builds all programs of a recipe and makes two steps (at least one of each objective) that leave
 * nothing behind. Batches have the recipe's size; a program that a step runs many times over, chunk
 * after chunk, is run once or twice and its time counted as often as it is due, so that a large
 * batch takes minutes and not hours. Steps of the whole run come from the recipe; where they depend
 * on the data, the data is opened if it is at hand.
 */
export async function dryRun(planned: Recipe, options: DryRunOptions): Promise<DryRunReport> {
  const device = rehearse(await openDevice(options.device));
  try {
    const model = await planned.model.generate(planned.seed);
    const { owned, trained } = trainableParameters(planned, model);
    const parameters = await uploadParameters(device, model);
    const data = generatedData(planned.batch * EXAMPLES_EACH, planned.seed);
    const recipe = await prepareObjectives(planned, {
      assets: options.context.assets,
      log: options.context.log,
      rehearsal: true,
      device,
      model,
      parameters,
      data,
    });
    const frozen = await frozenTeacher(recipe, {
      ...{ device, model, parameters, trained },
      context: options.context,
      rehearsal: true,
    });
    const state = await beginTraining(recipe, { device, model, parameters, trained });
    const records: StepRecord[] = [];
    let counted = 0;
    try {
      await train({
        recipe,
        device,
        model,
        data,
        state,
        ...(frozen === undefined ? {} : { frozen: frozen.encoder }),
        from: { step: 0, next: { epoch: 0, position: 0 }, epoch: 0 },
        total: Math.max(2, recipe.objectives.length),
        ...(options.signal === undefined ? {} : { signal: options.signal }),
        hooks: {
          onLine: (line) => options.progress.line(line),
          lastCheckpoint: () => undefined,
          onStep: (record) => {
            const seconds = record.seconds + device.leftOutSeconds() - counted;
            counted = device.leftOutSeconds();
            records.push({ ...record, seconds });
            options.progress.line(
              `step ${record.step} (${record.objective}): ${seconds.toPrecision(3)} s, ` +
                `measured in ${record.seconds.toPrecision(3)} s`,
            );
            return Promise.resolve();
          },
        },
      });
    } finally {
      disposeState(state);
      frozen?.dispose();
    }
    const count = (specs: readonly { readonly shape: readonly number[] }[]) =>
      specs.reduce((sum, { shape }) => sum + sizeOf(shape), 0);
    const all = count([...model.parameters, ...owned]);
    const objectives = [...Map.groupBy(records, ({ objective }) => objective)].map((
      [name, steps],
    ) => ({ name, secondsPerStep: mean(steps.map(({ seconds }) => seconds)) }));
    const steps = await plannedSteps(recipe, options);
    return {
      device: `${device.kind}, ${device.description}`,
      deviceReason: device.reason,
      parameters: { trained: count(trained), frozen: all - count(trained) },
      memoryBytes: Deno.memoryUsage().rss,
      objectives,
      evaluators: await Promise.all(recipe.evaluators.map(async (evaluator) => ({
        name: evaluator.name,
        fault: await faultOf(evaluator, options.context),
      }))),
      runs: device.runs(),
      steps,
      estimatedSeconds: typeof steps === "number"
        ? steps * mean(objectives.map(({ secondsPerStep }) => secondsPerStep))
        : undefined,
    };
  } finally {
    await device.dispose();
  }
}

/** A dry run needs no data; where they decide the number of steps and can't be had, it says so. */
async function plannedSteps(
  recipe: Recipe,
  { context }: DryRunOptions,
): Promise<number | string> {
  if (recipe.steps !== null) return recipe.steps;
  try {
    return totalSteps(recipe, await recipe.data.open(context));
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

function mean(values: readonly number[]): number {
  return values.reduce((a, b) => a + b, 0) / values.length;
}
