import type { Evaluation } from "../../../core/evaluator.ts";
import type { JsonObject } from "../../../core/component.ts";
import { readResults } from "../results/read_results.ts";
import { SCORES_FOLDER } from "../results/result_files.ts";
import type { StageEvaluations } from "../results/table.ts";
import { readManifest } from "../runs/run_folder.ts";
import type { SweepPoint } from "../../patching/commands/sweep.ts";
import { namesIn } from "./names_in.ts";
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
  return {
    manifest,
    ...await readAllScores(
      manifest,
      scores,
      async (name) => (await readResults(`${scores}/${name}.json`))[0]!.evaluations,
    ),
    steps: (await Array.fromAsync(readSteps(`${folder}/metrics.jsonl`))).map(({ step }) => step),
    sweep: await readSweep(sweep),
  };
}

/**
 * The scores of a run as far as it has come, in their order.
 *
 * @param folder The folder that they are in.
 * @param read Reads those of a file, which is named without its ending; undefined if it is gone.
 */
export async function readAllScores(
  manifest: JsonObject,
  folder: string,
  read: (name: string) => Promise<readonly Evaluation[] | undefined>,
): Promise<Pick<RunRecord, "stages" | "during">> {
  const there = (await namesIn(folder)).flatMap((name) => /^(.*)\.json$/.exec(name)?.[1] ?? []);
  const stages: StageEvaluations[] = [];
  for (const stage of namedStages(manifest).filter((stage) => there.includes(stage))) {
    const evaluations = await read(stage);
    if (evaluations !== undefined) stages.push({ stage, evaluations });
  }
  const during: StepScores[] = [];
  for (const name of there) {
    const step = stepOfScores(name);
    const evaluations = step === undefined ? undefined : await read(name);
    if (evaluations !== undefined) during.push({ step: step!, evaluations });
  }
  return { stages, during: during.toSorted((a, b) => a.step - b.step) };
}

/** The stages that the manifest names, in their order. */
export function namedStages({ stages }: JsonObject): string[] {
  return Array.isArray(stages)
    ? stages.filter((stage) => typeof stage === "string")
    : ["before", "after"];
}

/** The step after which scores were taken, by their file's name; undefined for those of a stage. */
function stepOfScores(name: string): number | undefined {
  const step = /^step-(\d+)$/.exec(name)?.[1];
  return step === undefined ? undefined : Number(step);
}
