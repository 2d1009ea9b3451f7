/**
 * Scores of a run's model at its stages: before training, during it, after it, and after each
 * transformation.
 *
 * @module
 */
import type { Context } from "../../../core/context.ts";
import type { Evaluation } from "../../../core/evaluator.ts";
import type { DualEncoder } from "../../../core/model.ts";
import type { Recipe } from "../../../core/recipe.ts";
import type { Device } from "../../../core/device/device.ts";
import { createEncoder } from "../../../core/towers/encoder.ts";
import { type DeviceParameters, valuesOnDevice } from "../../../core/towers/device_parameters.ts";
import type { Exchange } from "../../../core/processes/exchange.ts";
import { fromFirst } from "../../../core/processes/together.ts";
import { towerFingerprints } from "../../../core/host/cache/tower_fingerprints.ts";
import type { Progress } from "../terminal/progress.ts";
import type { RunFolder } from "./run_folder.ts";
import { scoreModel } from "./score_model.ts";

/** What the evaluations of a run have in common. */
export interface StageOptions {
  /** Which benchmarks, and the rows that a tower embeds at a time. */
  readonly recipe: Recipe;
  /** What benchmarks may use of the world. */
  readonly context: Context;
  /** Hears which benchmark is at work. */
  readonly progress: Progress;
  /** Where the towers run. */
  readonly device: Device;
  /** What is scored. */
  readonly model: DualEncoder;
  /** Its values as they stand when a stage is scored. */
  readonly parameters: DeviceParameters;
  /** Keeps the scores. */
  readonly folder: RunFolder;
  /** The folder in which embeddings are kept; without one they are computed anew. */
  readonly embeddings: string | undefined;
  /** Asks to stop. */
  readonly signal: AbortSignal | undefined;
  /** Where the processes meet that share the run. */
  readonly exchange: Exchange;
  /** Hears of scores before they are written. */
  readonly onScores: (stage: string, evaluations: readonly Evaluation[]) => Promise<void>;
}

/** The stages that every run of a recipe is scored at, in order: `before`, `after`, and so on. */
export function stagesOf({ after }: Recipe): readonly string[] {
  return ["before", "after", ...after.map(({ stage }) => stage)];
}

/**
 * Scores the model at one of its run's {@linkcode stagesOf}, or takes the scores that an earlier
 * part of the run left behind.
 *
 * @throws the reason of the signal once that is aborted.
 */
export async function evaluateStage(
  stage: string,
  options: StageOptions,
): Promise<readonly Evaluation[]> {
  const { recipe, model, folder, onScores, exchange } = options;
  if (recipe.evaluators.length === 0) return [];
  const known = await fromFirst(exchange, () => folder.readScores(stage));
  if (known !== undefined) return known;
  const evaluations = await evaluate(describeStage(stage), options);
  await onScores(stage, evaluations);
  const pretrained = labelOf(stage, recipe);
  for (const evaluation of evaluations) {
    await folder.writeEvaluation(evaluation, { model: model.name, pretrained });
  }
  await folder.writeScores(stage, evaluations);
  return evaluations;
}

/** Keeps scores of a stage that are known from elsewhere, unless it has been scored. */
export async function keepScores(
  stage: string,
  evaluations: readonly Evaluation[],
  { folder, onScores }: Pick<StageOptions, "folder" | "onScores">,
): Promise<void> {
  if (await folder.readScores(stage) !== undefined) return;
  await onScores(stage, evaluations);
  await folder.writeScores(stage, evaluations);
}

/**
 * Scores the model as it stands after a step, for `scores/step-<number>.json`, or takes the scores that
 * are there already. What each item came to is left out there: only stages keep that.
 *
 * @throws the reason of the signal once that is aborted.
 */
export async function evaluateStep(
  step: number,
  options: StageOptions,
): Promise<readonly Evaluation[]> {
  const { recipe, folder, onScores, exchange } = options;
  const stage = stageOfStep(step);
  if (recipe.evaluators.length === 0) return [];
  const known = await fromFirst(exchange, () => folder.readScores(stage));
  if (known !== undefined) return known;
  const evaluations = await evaluate(`after step ${step}`, options);
  await onScores(stage, evaluations);
  await folder.writeScores(stage, evaluations.map(({ itemScores: _, ...scores }) => scores));
  return evaluations;
}

/** The scores that were taken during training, up to a step, in their order. */
export async function scoresOfSteps(
  upTo: number,
  { recipe, folder }: Pick<StageOptions, "recipe" | "folder">,
): Promise<readonly (readonly [step: number, evaluations: readonly Evaluation[]])[]> {
  const found: (readonly [number, readonly Evaluation[]])[] = [];
  for (let step = recipe.evaluateEvery; step <= upTo; step += recipe.evaluateEvery) {
    const evaluations = await folder.readScores(stageOfStep(step));
    if (evaluations !== undefined) found.push([step, evaluations]);
  }
  return found;
}

function stageOfStep(step: number): string {
  return `step-${String(step).padStart(8, "0")}`;
}

async function evaluate(
  when: string,
  { recipe, device, model, parameters, embeddings, exchange, ...world }: StageOptions,
): Promise<readonly Evaluation[]> {
  const encoder = createEncoder({ device, model, parameters, chunk: recipe.chunk });
  const cache = embeddings === undefined ? undefined : {
    folder: embeddings,
    keys: await towerFingerprints(model, valuesOnDevice(parameters), device),
  };
  const parted = { exchange, chunk: recipe.chunk };
  return await scoreModel(recipe.evaluators, { ...world, encoder, cache, when, parted });
}

function describeStage(stage: string): string {
  return stage === "before" || stage === "after" ? `${stage} training` : `after ${stage}`;
}

/** What tells the result files of the stages apart. */
function labelOf(stage: string, { name }: Recipe): string {
  if (stage === "before") return stage;
  return stage === "after" ? name : `${name}-${stage}`;
}
