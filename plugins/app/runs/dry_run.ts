/**
 * What a run needs, looked at, and what it would take, measured on data of its real size.
 *
 * @module
 */
import type { DataSet } from "../../../core/dataset.ts";
import type { Device } from "../../../core/device/device.ts";
import type { Recipe } from "../../../core/recipe.ts";
import type { DualEncoder } from "../../../core/model.ts";
import { LargeFileError } from "../../../core/host/assets/large_file_error.ts";
import { openDevice } from "../../../core/host/devices/open_device.ts";
import { rehearse } from "../../../core/device/rehearsal.ts";
import { checkPrecision } from "../../../core/precision.ts";
import { uploadParameters } from "../../../core/towers/device_parameters.ts";
import { countValues } from "./manifest.ts";
import { checkDisk, checkInputs } from "./check_run.ts";
import { aloneProcess } from "../../../core/processes/processes.ts";
import { explainShortage, MemoryShortage } from "./memory_shortage.ts";
import { checkMemory, watchMemory } from "./memory_watch.ts";
import { generatedData } from "./generated_data.ts";
import { type CheckedNeed, look } from "./needs.ts";
import type { DryRunOptions, DryRunReport, RunEstimate, RunNeed } from "./run_options.ts";
import { comesAgain, rasterRoom } from "../../../core/training/loop/kept_rasters.ts";
import { prepareObjectives } from "../../../core/training/loop/prepare.ts";
import { beginTraining, disposeState } from "../../../core/training/loop/state.ts";
import { trainableParameters } from "../../../core/training/loop/loss_parameters.ts";
import { frozenTeacher } from "./frozen_teacher.ts";
import { totalSteps } from "../../../core/training/loop/steps.ts";
import type { StepRecord } from "../../../core/training/loop/step_record.ts";
import { train } from "../../../core/training/loop/train.ts";

/** Examples that the generated data has for each one of a batch: enough to draw partners from. */
const EXAMPLES_EACH = 4;

/**
 * Looks at everything that the run needs (data, pictures, benchmarks, weights, the disk), then builds
 * all programs of the recipe and makes two steps (at least one of each objective) that leave nothing
 * behind. Weights that are not on this machine are asked for and not downloaded: the steps are then
 * made on generated ones. Batches have the recipe's size; a program that a step runs many times over,
 * chunk after chunk, is run once or twice and its time counted as often as it is due, so that a large
 * batch takes minutes and not hours.
 */
export async function dryRun(planned: Recipe, options: DryRunOptions): Promise<DryRunReport> {
  const { progress, lookedFor } = options;
  const context = { ...options.context, assets: lookedFor };
  const needs: RunNeed[] = [];
  const downloads: LargeFileError[] = [];
  const note = ({ what, state, ready, error }: CheckedNeed) => {
    needs.push({ what, state, ready });
    if (error instanceof LargeFileError) downloads.push(error);
    progress.line(`${what}: ${ready ? "ready" : `not ready: ${state}`}`);
  };
  const { data } = await checkInputs(planned, context, note);
  const steps = data === undefined ? planned.steps ?? undefined : totalSteps(planned, data);
  const weights = await look("weights", async () => {
    const value = await planned.model.load(context);
    return { value, state: value.name };
  });
  note(weights.need);
  let model: DualEncoder;
  try {
    model = weights.value ?? await planned.model.generate(planned.seed);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return { needs, estimate: error.message };
  }
  const place = { folder: options.runs, goesOn: false, downloads };
  note(await checkDisk(planned, model, place, steps));
  try {
    return { needs, estimate: await estimate(planned, model, { data, steps }, options) };
  } catch (error) {
    if (!(error instanceof MemoryShortage)) throw error;
    note({ what: "memory", state: error.message, ready: false });
    return { needs, estimate: "the memory does not suffice" };
  }
}

/** What is known of a run's length: neither, where its data are not there. */
interface Found {
  readonly data: DataSet | undefined;
  readonly steps: number | undefined;
}

/** The most bytes of pictures that the run keeps for when they come again. */
function keptBytes(
  { batch, objectives }: Recipe,
  { preprocessing: { size } }: DualEncoder,
  { data, steps = Infinity }: Found,
  device: Device,
): number {
  const room = rasterRoom(device);
  if (data === undefined) return room;
  if (!comesAgain(data, { steps, batch })) return 0;
  // Each objective asks for a picture in a way of its own, at most as large as the model's square.
  return Math.min(room, data.length * objectives.length * 3 * size ** 2);
}

async function estimate(
  planned: Recipe,
  model: DualEncoder,
  found: Found,
  options: DryRunOptions,
): Promise<RunEstimate> {
  const opened = await openDevice(options.device, {
    threads: options.threads ?? 0,
    modelSize: () => countValues(model.parameters),
  });
  const { steps } = found;
  const kept = keptBytes(planned, model, found, opened);
  const watch = watchMemory(planned, opened, options.memory, kept);
  const device = rehearse(opened, watch);
  try {
    checkPrecision(planned.precision, device);
    checkMemory(planned, model, device);
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
    // What composers did ahead of the first step is none of its.
    let counted = device.leftOutSeconds();
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
        // The generated pictures are few, and each step is to be counted whole.
        keepPictures: false,
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
      // At its end a run has all values once more, to write them.
      watch.before(4 * countValues(model.parameters));
    } finally {
      disposeState(state);
      frozen?.dispose();
    }
    const all = countValues([...model.parameters, ...owned]);
    const objectives = [...Map.groupBy(records, ({ objective }) => objective)].map((
      [name, steps],
    ) => ({ name, secondsPerStep: mean(steps.map(({ seconds }) => seconds)) }));
    return {
      device: `${device.kind}, ${device.description}`,
      deviceReason: device.reason,
      parameters: { trained: countValues(trained), frozen: all - countValues(trained) },
      memoryBytes: watch.peak(),
      objectives,
      runs: device.runs(),
      steps,
      estimatedSeconds: steps === undefined
        ? undefined
        : steps * mean(objectives.map(({ secondsPerStep }) => secondsPerStep)),
    };
  } catch (error) {
    throw await explainShortage(error, {
      ...{ recipe: planned, device, model, processes: aloneProcess, threads: options.threads ?? 0 },
      ...{ steps: 0, folder: undefined },
    });
  } finally {
    await device.dispose();
  }
}

function mean(values: readonly number[]): number {
  return values.reduce((a, b) => a + b, 0) / values.length;
}
