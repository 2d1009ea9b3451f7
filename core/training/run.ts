/**
 * A recipe from beginning to end.
 *
 * @module
 */
import type { DataSet } from "../dataset.ts";
import type { Evaluation } from "../evaluator.ts";
import type { DualEncoder } from "../model.ts";
import type { Recipe } from "../recipe.ts";
import {
  describeDevice,
  type Device,
  meterDevice,
  type MeteredDevice,
  openDevice,
} from "../runtime/mod.ts";
import { writeFileAtomically } from "../storage/mod.ts";
import { createEncoder, downloadParameters, uploadParameters } from "../towers/mod.ts";
import { lastCheckpoint, loadCheckpoint, saveCheckpoint, type Standing } from "./checkpoint.ts";
import { checkSameRun, createManifest } from "./manifest.ts";
import { prepareObjectives } from "./prepare.ts";
import { createRunFolder, openRunFolder, readManifest, type RunFolder } from "./run_folder.ts";
import type { RunOptions, RunSummary } from "./run_options.ts";
import { selectTrained } from "./select_parameters.ts";
import { createTrainingState, disposeState, type TrainingState } from "./state.ts";
import { totalSteps } from "./steps.ts";
import { type StepRecord, train } from "./train.ts";

export { dryRun } from "./dry_run.ts";

const BEGINNING: Standing = { step: 0, next: { epoch: 0, position: 0 }, epoch: 0 };

/** Faults of a data set that are named when it is opened; the rest are counted. */
const FAULTS_NAMED = 10;

/**
 * Runs a recipe: evaluates, trains, evaluates again, and leaves a run folder with manifest, metrics,
 * checkpoints, scores and the trained model.
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
    const total = totalSteps(recipe, data);
    const trained = selectTrained(model.parameters, recipe.frozen);
    const folder = options.resume === undefined
      ? await createRunFolder(options.runs, recipe.name, new Date())
      : await openRunFolder(options.resume);
    const manifest = await createManifest({
      recipe,
      source: options.source,
      device,
      model,
      data,
      total,
    });
    if (options.resume === undefined) await folder.writeManifest(manifest);
    else checkSameRun(folder.path, await readManifest(folder.path), manifest);
    const parameters = await uploadParameters(device, model);
    const evaluated = { recipe, options, device, model, parameters, folder };
    const before = await evaluateOnce("before", evaluated);
    const prepared = await prepareObjectives(recipe, {
      ...context,
      device,
      model,
      parameters,
      data,
    });
    const state = createTrainingState({ ...prepared, device, parameters, trained });
    try {
      const from = await standingOf(folder, state);
      await folder.truncateMetrics(from.step);
      if (from.step > 0) context.log(`resumed after step ${from.step} of ${total}`);
      const standing = await trainWithCheckpoints(
        { recipe: prepared, device, model, data, state, from, total },
        folder,
        options,
      );
      const summary = { folder: folder.path, steps: standing.step, before };
      if (standing.step < total) {
        return { ...summary, completed: false, after: [] };
      }
      progress.line(`writing the trained model to ${folder.path}/model`);
      await model.write(`${folder.path}/model`, await downloadParameters(parameters));
      const after = await evaluateOnce("after", evaluated);
      return { ...summary, completed: true, after };
    } finally {
      disposeState(state);
    }
  } finally {
    await device.dispose();
  }
}

interface Training {
  readonly recipe: Recipe;
  readonly device: MeteredDevice;
  readonly model: DualEncoder;
  readonly data: DataSet;
  readonly state: TrainingState;
  readonly from: Standing;
  readonly total: number;
}

async function trainWithCheckpoints(
  training: Training,
  folder: RunFolder,
  { progress, signal }: RunOptions,
): Promise<Standing> {
  const { recipe, device, state, total } = training;
  const checkpoints = `${folder.path}/checkpoints`;
  let saved = await lastCheckpoint(checkpoints);
  let savedStep = training.from.step;
  const pace = createPace();
  let busy = device.busySeconds();
  const save = async (standing: Standing) => {
    saved = await saveCheckpoint(checkpoints, state, standing);
    savedStep = standing.step;
  };
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
        const due = recipe.checkpointEvery > 0 && record.step % recipe.checkpointEvery === 0;
        if (due) await save(standing);
      },
    },
  });
  if (standing.step > savedStep) await save(standing);
  return standing;
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

interface EvaluationRun {
  readonly recipe: Recipe;
  readonly options: RunOptions;
  readonly device: Device;
  readonly model: DualEncoder;
  readonly parameters: Awaited<ReturnType<typeof uploadParameters>>;
  readonly folder: RunFolder;
}

/** Scores the model, or takes the scores that an earlier part of the run left behind. */
async function evaluateOnce(
  moment: "before" | "after",
  { recipe, options, device, model, parameters, folder }: EvaluationRun,
): Promise<readonly Evaluation[]> {
  if (recipe.evaluators.length === 0) return [];
  const path = `${folder.path}/evaluation/${moment}.json`;
  const known = await readEvaluations(path);
  if (known !== undefined) return known;
  const encoder = createEncoder({ device, model, parameters, chunk: recipe.chunk });
  const evaluations: Evaluation[] = [];
  try {
    for (const evaluator of recipe.evaluators) {
      options.progress.line(`evaluating ${moment} training: ${evaluator.name}`);
      evaluations.push(...await evaluator.evaluate(encoder, options.context));
    }
  } finally {
    await encoder.dispose();
  }
  const pretrained = moment === "before" ? "before" : recipe.name;
  for (const evaluation of evaluations) {
    await folder.writeEvaluation(evaluation, { model: model.name, pretrained });
  }
  await writeFileAtomically(path, `${JSON.stringify(evaluations, null, 2)}\n`);
  return evaluations;
}

async function readEvaluations(path: string): Promise<readonly Evaluation[] | undefined> {
  try {
    return JSON.parse(await Deno.readTextFile(path));
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}

function reportFaults({ name, faults, length }: DataSet, log: (line: string) => void): void {
  if (faults.length === 0) return;
  log(`${name}: ${length} examples can be used, ${faults.length} rows were left out:`);
  for (const { where, reason } of faults.slice(0, FAULTS_NAMED)) log(`  ${where}: ${reason}`);
  if (faults.length > FAULTS_NAMED) log(`  and ${faults.length - FAULTS_NAMED} more`);
}
