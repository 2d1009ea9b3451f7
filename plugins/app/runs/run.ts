/**
 * A recipe from beginning to end.
 *
 * @module
 */
import type { Standing } from "../../../core/training/loop/standing.ts";
import { type DataSet, reportFaults } from "../../../core/dataset.ts";
import type { StageEvaluations } from "../results/table.ts";
import type { Encoder } from "../../../core/evaluator.ts";
import type { DualEncoder } from "../../../core/model.ts";
import type { Recipe } from "../../../core/recipe.ts";
import type { Weights } from "../../../core/transformation.ts";
import { describeDevice } from "../../../core/device/describe_device.ts";
import { meterDevice, type MeteredDevice } from "../../../core/device/metered.ts";
import { openDevice } from "../../../core/host/devices/open_device.ts";
import { downloadParameters, uploadParameters } from "../../../core/towers/device_parameters.ts";
import { lastCheckpoint, loadCheckpoint, saveCheckpoint } from "./checkpoint.ts";
import { evaluateStage, evaluateStep, type StageOptions } from "./evaluate_stage.ts";
import { checkSameRun, createManifest } from "./manifest.ts";
import { prepareObjectives } from "../../../core/training/loop/prepare.ts";
import { createRunFolder, openRunFolder, readManifest, type RunFolder } from "./run_folder.ts";
import type { RunOptions, RunSummary } from "./run_options.ts";
import { checkEvaluators } from "./score_model.ts";
import { frozenTeacher } from "./frozen_teacher.ts";
import { writeLossParameters } from "./loss_parameters_file.ts";
import {
  type OwnedParameter,
  trainableParameters,
} from "../../../core/training/loop/loss_parameters.ts";
import {
  beginTraining,
  disposeState,
  type TrainingState,
} from "../../../core/training/loop/state.ts";
import { totalSteps } from "../../../core/training/loop/steps.ts";
import { type StepRecord, train } from "../../../core/training/loop/train.ts";
import { transformParameters } from "./transform.ts";

export { dryRun } from "./dry_run.ts";

const BEGINNING: Standing = { step: 0, next: { epoch: 0, position: 0 }, epoch: 0 };

/**
 * Runs a recipe: evaluates, trains, evaluates again, transforms what was trained, and leaves a run
 * folder with manifest, metrics, checkpoints, scores and the model. Where there are transformations,
 * `model/` is what they give and `model-trained/` what they began with.
 *
 * @throws {Error} whatever a component throws, with everything up to the last checkpoint kept.
 */
export async function runRecipe(recipe: Recipe, options: RunOptions): Promise<RunSummary> {
  const { context, progress } = options;
  const device = meterDevice(await openDevice(options.device));
  try {
    context.log(`device: ${describeDevice(device)}`);
    const model = await recipe.model.load(context);
    const data = await recipe.data.open(context);
    reportFaults(data, context.log);
    await checkEvaluators(recipe.evaluators, context);
    const total = totalSteps(recipe, data);
    const { owned, trained } = trainableParameters(recipe, model);
    const folder = options.resume === undefined
      ? await createRunFolder(options.runs, recipe.name, new Date())
      : await openRunFolder(options.resume);
    const manifest = await createManifest({
      recipe,
      source: options.source,
      device,
      model,
      owned,
      trained,
      data,
      total,
    });
    if (options.resume === undefined) await folder.writeManifest(manifest);
    else checkSameRun(folder.path, await readManifest(folder.path), manifest);
    const parameters = await uploadParameters(device, model);
    const { embeddings, signal } = options;
    const stages = {
      recipe,
      context,
      progress,
      device,
      model,
      parameters,
      folder,
      embeddings,
      signal,
    };
    if (options.before !== undefined && await folder.readScores("before") === undefined) {
      await folder.writeScores("before", options.before);
    }
    const before = await unlessStopped(() => evaluateStage("before", stages), signal);
    if (before === undefined) return { ...stopped(folder, 0), before: [] };
    const prepared = await prepareObjectives(recipe, {
      assets: context.assets,
      log: context.log,
      rehearsal: false,
      device,
      model,
      parameters,
      data,
    });
    // Before the checkpoint's values come: it is the model as it began.
    const frozen = await frozenTeacher(recipe, {
      ...{ device, model, parameters, trained, context, embeddings },
      rehearsal: false,
    });
    const state = await beginTraining(prepared, { device, model, parameters, trained });
    try {
      const from = await standingOf(folder, state);
      await folder.truncateMetrics(from.step);
      if (from.step > 0) context.log(`resumed after step ${from.step} of ${total}`);
      const standing = await trainWithCheckpoints(
        {
          ...{ recipe: prepared, device, model, data, state, from, total },
          ...(frozen === undefined ? {} : { frozen: frozen.encoder }),
        },
        stages,
      );
      const early = { ...stopped(folder, standing.step), before };
      if (standing.step < total) return early;
      const finished = await unlessStopped(() => finish(stages, owned, state), signal);
      return finished === undefined ? early : { ...early, completed: true, ...finished };
    } finally {
      disposeState(state);
      frozen?.dispose();
    }
  } finally {
    await device.dispose();
  }
}

/** What came of a run that was stopped, but for the scores before it. */
function stopped({ path }: RunFolder, steps: number) {
  return { folder: path, steps, completed: false, after: [], transformed: [] };
}

/** The result of `work`, or undefined if it gave up because it was asked to stop. */
async function unlessStopped<T>(
  work: () => Promise<T>,
  signal: AbortSignal | undefined,
): Promise<T | undefined> {
  try {
    return await work();
  } catch (error) {
    if (signal?.aborted && error === signal.reason) return undefined;
    throw error;
  }
}

interface Training {
  readonly recipe: Recipe;
  readonly device: MeteredDevice;
  readonly model: DualEncoder;
  readonly data: DataSet;
  readonly state: TrainingState;
  readonly frozen?: Encoder;
  readonly from: Standing;
  readonly total: number;
}

/** Keeps and scores the trained model, and each that the recipe's transformations make of it. */
async function finish(
  stages: StageOptions,
  owned: readonly OwnedParameter[],
  state: TrainingState,
): Promise<Pick<RunSummary, "after" | "transformed">> {
  const { recipe, context, progress, model, parameters, folder } = stages;
  const write = async (path: string, weights: Weights) => {
    await model.write(path, weights);
    await writeLossParameters(path, owned, state.parameters);
  };
  const trained = `${folder.path}/${recipe.after.length === 0 ? "model" : "model-trained"}`;
  progress.line(`writing the trained model to ${trained}`);
  await write(trained, await downloadParameters(parameters));
  const after = await evaluateStage("after", stages);
  const transformed: StageEvaluations[] = [];
  await transformParameters({
    transformations: recipe.after,
    model,
    parameters,
    averages: state.averages,
    log: context.log,
    onStage: async ({ stage }, weights) => {
      if (transformed.length === recipe.after.length - 1) {
        progress.line(`writing the model after ${stage} to ${folder.path}/model`);
        await write(`${folder.path}/model`, weights);
      }
      transformed.push({ stage, evaluations: await evaluateStage(stage, stages) });
    },
  });
  return { after, transformed };
}

async function trainWithCheckpoints(
  training: Training,
  stages: StageOptions,
): Promise<Standing> {
  const { recipe, device, state, total, from } = training;
  const { folder, progress, signal } = stages;
  const checkpoints = `${folder.path}/checkpoints`;
  let saved = await lastCheckpoint(checkpoints);
  let savedStep = from.step;
  const pace = createPace();
  let busy = device.busySeconds();
  const save = async (standing: Standing) => {
    saved = await saveCheckpoint(checkpoints, state, standing);
    savedStep = standing.step;
  };
  const evaluate = async (step: number) => {
    // What comes after the last step is scored as a stage of the run.
    if (step === 0 || step === total || !isDue(recipe.evaluateEvery, step)) return;
    // A run that is stopped meanwhile makes up for it when it is resumed.
    await unlessStopped(() => evaluateStep(step, stages), signal);
    busy = device.busySeconds();
  };
  // The run may have been stopped between this step and its scores.
  await evaluate(from.step);
  const standing = await train({
    ...training,
    ...(signal === undefined ? {} : { signal }),
    hooks: {
      onLine: (line) => progress.line(line),
      lastCheckpoint: () => saved,
      onStep: async (record, standing) => {
        const deviceSeconds = device.busySeconds() - busy;
        busy = device.busySeconds();
        const perStep = pace(record);
        progress.step({
          step: record.step,
          total,
          objective: record.objective,
          loss: record.loss,
          samplesPerSecond: recipe.batch / perStep,
          secondsLeft: (total - record.step) * perStep,
        });
        await folder.appendMetrics({
          ...record,
          deviceSeconds,
          samplesPerSecond: recipe.batch / record.seconds,
        });
        if (isDue(recipe.checkpointEvery, record.step)) await save(standing);
        if (!signal?.aborted) await evaluate(record.step);
      },
    },
  });
  if (standing.step > savedStep) await save(standing);
  return standing;
}

function isDue(every: number, step: number): boolean {
  return every > 0 && step % every === 0;
}

/** Seconds a step, averaged over each objective's last steps: objectives differ in cost. */
function createPace(): (record: StepRecord) => number {
  const recent = new Map<string, number>();
  return ({ objective, seconds }) => {
    const before = recent.get(objective);
    recent.set(objective, before === undefined ? seconds : 0.9 * before + 0.1 * seconds);
    const values = [...recent.values()];
    return values.reduce((a, b) => a + b, 0) / values.length;
  };
}

async function standingOf(folder: RunFolder, state: TrainingState): Promise<Standing> {
  const saved = await lastCheckpoint(`${folder.path}/checkpoints`);
  return saved === undefined ? BEGINNING : await loadCheckpoint(saved, state);
}
