import type { Evaluation } from "../../../core/evaluator.ts";
import type { JsonObject } from "../../../core/component.ts";
import { readResults } from "../results/read_results.ts";
import { SCORES_FOLDER } from "../results/result_files.ts";
import type { StageEvaluations } from "../results/table.ts";
import { readManifest } from "../runs/run_folder.ts";
import type { SweepPoint } from "../../patching/commands/sweep.ts";
import { readSteps, type StepLine } from "./read_steps.ts";
import { readSweep } from "./read_sweep.ts";

/** What a run left in its folder. */
export interface RunRecord {
  /** What was run. */
  readonly manifest: JsonObject;
  /** Its steps. */
  readonly steps: readonly StepLine[];
  /** Its scores: before training, after it, after each transformation, as far as it has come. */
  readonly stages: readonly StageEvaluations[];
  /** Its scores during training. */
  readonly during: readonly StepScores[];
  /** The scores of a sweep over the weight of the trained model; empty if none was made. */
  readonly sweep: readonly SweepPoint[];
}

/** Scores during training. */
export interface StepScores {
  /** The step that they were taken after. */
  readonly step: number;
  /** The scores. */
  readonly evaluations: readonly Evaluation[];
}

/**
 * Reads the folder of a run, finished or not.
 *
 * @param sweep The folder of a sweep over the weight of the trained model.
 * @throws {RangeError} if the folder is missing or holds no `manifest.json`.
 * @throws {SyntaxError} if a file in it does not hold what it should.
 */
export async function readRun(folder: string, sweep: string): Promise<RunRecord> {
  const manifest = await readManifest(folder);
  const scores = `${folder}/${SCORES_FOLDER}`;
  const there = await namesIn(scores);
  const evaluationsOf = async (name: string) =>
    (await readResults(`${scores}/${name}.json`))[0]!.evaluations;
  const stages: StageEvaluations[] = [];
  for (const stage of namedStages(manifest)) {
    if (there.has(stage)) stages.push({ stage, evaluations: await evaluationsOf(stage) });
  }
  const during: StepScores[] = [];
  for (const name of there) {
    const step = stepOfScores(name);
    if (step !== undefined) during.push({ step, evaluations: await evaluationsOf(name) });
  }
  return {
    manifest,
    steps: (await Array.fromAsync(readSteps(`${folder}/metrics.jsonl`))).map(({ step }) => step),
    stages,
    during: during.toSorted((a, b) => a.step - b.step),
    sweep: await readSweep(sweep),
  };
}

/** The stages that the manifest names, in their order. */
export function namedStages({ stages }: JsonObject): string[] {
  return Array.isArray(stages)
    ? stages.filter((stage) => typeof stage === "string")
    : ["before", "after"];
}

/** The step after which scores were taken, by their file's name; undefined for those of a stage. */
export function stepOfScores(name: string): number | undefined {
  const step = /^step-(\d+)$/.exec(name)?.[1];
  return step === undefined ? undefined : Number(step);
}

/** The names of the JSON files in a folder, without their ending. */
async function namesIn(folder: string): Promise<Set<string>> {
  const names = new Set<string>();
  try {
    for await (const { name, isFile } of Deno.readDir(folder)) {
      if (isFile && name.endsWith(".json")) names.add(name.slice(0, -".json".length));
    }
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
  return names;
}
