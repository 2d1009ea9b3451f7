/**
 * A recipe from beginning to end.
 *
 * @module
 */
import type { Standing } from "../../../core/training/loop/standing.ts";
import type { DataSet } from "../../../core/dataset.ts";
import type { StageEvaluations } from "../results/table.ts";
import type { Encoder } from "../../../core/evaluator.ts";
import type { DualEncoder } from "../../../core/model.ts";
import { type TellHooks, tellHooks } from "../../../core/hooks.ts";
import { showProgress } from "../terminal/show_progress.ts";
import { standardHooks } from "./standard_hooks.ts";
import type { Recipe } from "../../../core/recipe.ts";
import type { Weights } from "../../../core/transformation.ts";
import { describeDevice } from "../../../core/device/describe_device.ts";
import { meterDevice, type MeteredDevice } from "../../../core/device/metered.ts";
import { openDevice } from "../../../core/host/devices/open_device.ts";
import { checkPrecision } from "../../../core/precision.ts";
import { downloadParameters, uploadParameters } from "../../../core/towers/device_parameters.ts";
import {
  lastCheckpoint,
  loadCheckpoint,
  removeOldCheckpoints,
  saveCheckpoint,
  stepOfCheckpoint,
} from "./checkpoint.ts";
import { openBestModel, scoreOf } from "./best_model.ts";
import {
  evaluateStage,
  evaluateStep,
  keepScores,
  scoresOfSteps,
  type StageOptions,
} from "./evaluate_stage.ts";
import { checkDisk, checkInputs, loadModel } from "./check_run.ts";
import { explainShortage } from "./memory_shortage.ts";
import { checkMemory } from "./memory_watch.ts";
import { requireAll } from "./needs.ts";
import { checkSameProcesses, checkSameRun, countValues, createManifest } from "./manifest.ts";
import { placedFirst } from "../../../core/processes/exchange.ts";
import type { Processes } from "../../../core/processes/processes.ts";
import { anyOf, fromFirst, unlessStopped } from "../../../core/processes/together.ts";
import { prepareObjectives } from "../../../core/training/loop/prepare.ts";
import {
  createRunFolder,
  markCompleted,
  openRunFolder,
  readManifest,
  type RunFolder,
} from "./run_folder.ts";
import { keptEncoder } from "./kept_encoder.ts";
import { holdSharedFolder } from "./shared_run_folder.ts";
import { openSurroundings } from "./open_surroundings.ts";
import type { RunOptions, RunSummary, RunSurroundings } from "./run_options.ts";
import { frozenTeacher } from "./frozen_teacher.ts";
import { writeLossParameters } from "./loss_parameters_file.ts";
import { downloadOwned, trainableParameters } from "../../../core/training/loop/loss_parameters.ts";
import type { OwnedParameter } from "../../../core/training/loop/owned_parameters.ts";
import {
  beginTraining,
  disposeState,
  type TrainingState,
} from "../../../core/training/loop/state.ts";
import type { StatePlace } from "../../../core/training/loop/saved_tensors.ts";
import { totalSteps } from "../../../core/training/loop/steps.ts";
import { train } from "../../../core/training/loop/train.ts";
import { plainForm, transformParameters } from "./transform.ts";

export { dryRun } from "./dry_run.ts";

const BEGINNING: Standing = { step: 0, next: { epoch: 0, position: 0 }, epoch: 0 };

/**
 * Runs a recipe: evaluates, trains, evaluates again, transforms what was trained, and leaves a run
 * folder with manifest, metrics, checkpoints, scores and the model. Where there are transformations,
 * `model/` is what they give and `model-trained/` what they began with.
 *
 * @throws {Error} whatever a component throws, with everything up to the last checkpoint kept.
 */
export async function runRecipe(recipe: Recipe, given: RunOptions): Promise<RunSummary> {
  using surroundings = openSurroundings(given);
  const options = { ...given, ...surroundings };
  const { progress, processes, threads } = options;
  const isFirst = processes.exchange.rank === 0;
  // The folder is held until hooks have written what they write.
  using kept = new DisposableStack();
  const course: Course = {
    ...{ folder: undefined, model: undefined, steps: 0, kept },
    tell: tellHooks(
      isFirst ? [showProgress(progress), ...recipe.hooks, ...options.hooks ?? standardHooks()] : [],
    ),
  };
  let summary: RunSummary;
  try {
    const modelSize = () => course.model && countValues(course.model.parameters);
    const share = { threads, processes: processes.onMachine, modelSize };
    const device = meterDevice(await openDevice(options.device, share));
    try {
      summary = await runOn(device, recipe, options, course);
    } catch (error) {
      throw await explainShortage(error, { ...options, ...course, recipe, device });
    } finally {
      await device.dispose();
    }
  } catch (error) {
    const { folder, steps, tell } = course;
    if (folder !== undefined) {
      // The run's own error is the one that counts; a hook's is said beside it.
      await tell("onEnd", { folder, steps, completed: false, error })
        .catch(({ message }) => progress.line(message));
    }
    throw error;
  }
  const { folder, steps, completed } = summary;
  await course.tell("onEnd", { folder, steps, completed });
  if (completed && isFirst) await markCompleted(folder, new Date());
  return summary;
}

/** How far a run has come, and who hears of it. */
interface Course {
  /** Undefined until hooks know of the run. */
  folder: string | undefined;
  /** Undefined until it is loaded. */
  model: DualEncoder | undefined;
  steps: number;
  /** What is let go of when all is done. */
  readonly kept: DisposableStack;
  readonly tell: TellHooks;
}

async function runOn(
  device: MeteredDevice,
  recipe: Recipe,
  options: RunOptions & RunSurroundings & { readonly processes: Processes },
  course: Course,
): Promise<RunSummary> {
  const { context, progress, embeddings, signal, processes } = options;
  const { exchange } = processes;
  context.log(`device: ${describeDevice(device)}`);
  checkPrecision(recipe.precision, device);
  const inputs = await checkInputs(recipe, context);
  requireAll(inputs.needs);
  const data = inputs.data!;
  const total = totalSteps(recipe, data);
  const model = course.model = await loadModel(recipe, context);
  checkMemory(recipe, model, device);
  const place = { folder: options.resume ?? options.runs, goesOn: options.resume !== undefined };
  requireAll([await checkDisk(recipe, model, place, total)]);
  const { owned, trained } = trainableParameters(recipe, model);
  const { folder } = course.kept.use(
    await holdSharedFolder(
      exchange,
      () =>
        options.resume === undefined
          ? createRunFolder(options.runs, recipe.name, new Date())
          : openRunFolder(options.resume),
    ),
  );
  processes.resumesFrom(folder.path);
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
  await checkSameProcesses(exchange, manifest);
  if (options.resume === undefined) await folder.writeManifest(manifest);
  else if (exchange.rank === 0) {
    checkSameRun(folder.path, await readManifest(folder.path), manifest);
  }
  const parameters = await uploadParameters(device, model);
  await exchange.share(placedFirst(parameters.values()));
  course.folder = folder.path;
  course.steps = await fromFirst(
    exchange,
    async () => stepOfCheckpoint(await lastCheckpoint(checkpointsOf(folder))),
  );
  await course.tell("onStart", {
    folder: folder.path,
    manifest,
    from: course.steps,
    total,
    log: (line) => progress.line(line),
  });
  const stages: StageOptions = {
    recipe,
    context,
    progress,
    device,
    model,
    parameters,
    folder,
    embeddings,
    signal,
    exchange,
    onScores: (stage, evaluations) =>
      course.tell("onEvaluation", { stage, step: course.steps, evaluations }),
  };
  if (options.before !== undefined) await keepScores("before", options.before, stages);
  const before = await unlessStopped(() => evaluateStage("before", stages), signal);
  if (before === undefined) return { ...stopped(folder, 0), before: [] };
  // A name that none of the scores has is told before any step.
  if (recipe.best !== null) scoreOf(recipe.best, before);
  const prepared = await prepareObjectives(recipe, {
    assets: context.assets,
    log: context.log,
    rehearsal: false,
    device,
    model,
    parameters,
    data,
    exchange,
    keep: (encoder) =>
      keptEncoder(encoder, { model, parameters, device, embeddings, exchange, log: context.log }),
  });
  // Before a checkpoint's values come: it is the model as it began.
  const frozen = await frozenTeacher(recipe, {
    ...{ device, model, parameters, trained, context, embeddings },
    rehearsal: false,
  });
  const parted = options.wholeStates ? undefined : exchange;
  const state = await beginTraining(prepared, { device, model, parameters, trained, parted });
  try {
    const from = await standingOf(folder, state, { device, exchange });
    await folder.truncateMetrics(from.step);
    if (from.step > 0) context.log(`resumed after step ${from.step} of ${total}`);
    const { standing, isOver } = await trainWithCheckpoints(
      {
        ...{ recipe: prepared, device, model, data, state, from, total, processes },
        ...(frozen === undefined ? {} : { frozen: frozen.encoder }),
      },
      stages,
      course,
    );
    const early = { ...stopped(folder, standing.step), before };
    if (!isOver) return early;
    const finished = await unlessStopped(() => finish(stages, owned, state), signal);
    return finished === undefined ? early : { ...early, completed: true, ...finished };
  } finally {
    disposeState(state);
    frozen?.dispose();
  }
}

/** What came of a run that was stopped, but for the scores before it. */
function stopped({ path }: RunFolder, steps: number) {
  return { folder: path, steps, completed: false, after: [], transformed: [] };
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
  readonly processes: Processes;
}

/** Keeps and scores the trained model, and each that the recipe's transformations make of it. */
async function finish(
  stages: StageOptions,
  owned: readonly OwnedParameter[],
  state: TrainingState,
): Promise<Pick<RunSummary, "after" | "transformed">> {
  const { recipe, context, progress, model, parameters, folder, exchange } = stages;
  const write = async (written: DualEncoder, path: string, weights: Weights) => {
    if (exchange.rank !== 0) return;
    await written.write(path, weights);
    await writeLossParameters(path, owned, state.parameters);
  };
  const trained = `${folder.path}/${recipe.after.length === 0 ? "model" : "model-trained"}`;
  progress.line(`writing the trained model to ${trained}`);
  await write(model, trained, await downloadParameters(parameters));
  const after = await evaluateStage("after", stages);
  const transformed: StageEvaluations[] = [];
  const { model: plain } = plainForm(model);
  await transformParameters({
    transformations: recipe.after,
    model,
    parameters,
    averages: state.averages,
    owned: await downloadOwned(owned, state.parameters),
    log: context.log,
    onStage: async ({ stage }, weights) => {
      await exchange.share(placedFirst(parameters.values()));
      if (transformed.length === recipe.after.length - 1) {
        progress.line(`writing the model after ${stage} to ${folder.path}/model`);
        await write(plain, `${folder.path}/model`, weights);
      }
      const evaluations = await evaluateStage(stage, { ...stages, model: plain });
      transformed.push({ stage, evaluations });
    },
  });
  return { after, transformed };
}

async function trainWithCheckpoints(
  training: Training,
  stages: StageOptions,
  course: Course,
): Promise<{ readonly standing: Standing; readonly isOver: boolean }> {
  const { recipe, device, state, total, from } = training;
  const { folder, progress, signal, exchange } = stages;
  const checkpoints = checkpointsOf(folder);
  let saved = await lastCheckpoint(checkpoints);
  let savedStep = from.step;
  let busy = device.busySeconds();
  const save = async (standing: Standing) => {
    savedStep = standing.step;
    const path = await saveCheckpoint(checkpoints, state, standing, { device, exchange });
    if (exchange.rank !== 0) return;
    saved = path;
    await course.tell("onCheckpoint", { step: standing.step, path: saved });
  };
  const over = new AbortController();
  const best = recipe.best === null ? undefined : openBestModel(recipe.best, {
    ...{ folder: checkpoints, state, exchange, log: progress.line },
    earlier: await fromFirst(exchange, () => scoresOfSteps(from.step - 1, stages)),
  });
  const evaluate = async (step: number) => {
    // What comes after the last step is scored as a stage of the run, unless another may be better.
    const isLast = step === total;
    const due = isLast ? best !== undefined : isDue(recipe.evaluateEvery, step);
    if (step === 0 || !due) return;
    if (await anyOf(exchange, signal?.aborted === true)) return;
    // A run that is stopped meanwhile makes up for it when it is resumed.
    const evaluations = await unlessStopped(() => evaluateStep(step, stages), signal);
    if (evaluations !== undefined) await best?.see(step, evaluations);
    if (best?.isOver) over.abort();
    busy = device.busySeconds();
  };
  // The run may have been stopped between this step and its scores.
  await evaluate(from.step);
  const standing = await train({
    ...training,
    signal: AbortSignal.any([over.signal, ...signal === undefined ? [] : [signal]]),
    hooks: {
      onLine: (line) => progress.line(line),
      lastCheckpoint: () => saved,
      onBatch: ({ ids, epoch }, step, { name }) =>
        course.tell("onBatch", { step, epoch, objective: name, ids }),
      onStep: async (record, standing) => {
        const deviceSeconds = device.busySeconds() - busy;
        busy = device.busySeconds();
        course.steps = record.step;
        const metrics = {
          ...record,
          deviceSeconds,
          samplesPerSecond: recipe.batch / record.seconds,
        };
        await folder.appendMetrics(metrics);
        await course.tell("onStep", { ...metrics, total });
        if (isDue(recipe.checkpointEvery, record.step)) await save(standing);
        await evaluate(record.step);
      },
    },
  });
  if (standing.step > savedStep) await save(standing);
  const isStopped = await anyOf(exchange, signal?.aborted === true);
  // The best model is known once all scores are there.
  const isOver = best === undefined
    ? standing.step === total
    : !isStopped && (standing.step === total || best.isOver);
  if (isOver) await best?.restore();
  return { standing, isOver };
}

function isDue(every: number, step: number): boolean {
  return every > 0 && step % every === 0;
}

function checkpointsOf({ path }: RunFolder): string {
  return `${path}/checkpoints`;
}

async function standingOf(folder: RunFolder, state: TrainingState, place: StatePlace) {
  const { exchange } = place;
  const checkpoints = checkpointsOf(folder);
  const saved = await fromFirst(exchange, async () => await lastCheckpoint(checkpoints) ?? null);
  if (saved === null) return BEGINNING;
  const standing = await loadCheckpoint(saved, state, place);
  if (exchange.rank === 0) await removeOldCheckpoints(checkpoints);
  return standing;
}
