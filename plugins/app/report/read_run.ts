import { z } from "zod";
import type { Evaluation } from "../../../core/evaluator.ts";
import type { JsonObject } from "../../../core/component.ts";
import { readResults } from "../results/read_results.ts";
import type { StageEvaluations } from "../results/table.ts";
import { readManifest } from "../runs/run_folder.ts";
import type { SweepPoint } from "../../patching/commands/sweep.ts";
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

const stepLine = z.object({
  step: z.number(),
  objective: z.string(),
  loss: z.number(),
  terms: z.record(z.string(), z.number()).default({}),
  lr: z.number(),
  seconds: z.number().default(0),
});

/** A line of `metrics.jsonl` about a step. */
export type StepLine = Readonly<z.infer<typeof stepLine>>;

/**
 * Reads the folder of a run, finished or not.
 *
 * @param sweep The folder of a sweep over the weight of the trained model.
 * @throws {RangeError} if the folder is missing or holds no `manifest.json`.
 * @throws {SyntaxError} if a file in it does not hold what it should.
 */
export async function readRun(folder: string, sweep: string): Promise<RunRecord> {
  const manifest = await readManifest(folder);
  const evaluation = `${folder}/evaluation`;
  const there = await namesIn(evaluation);
  const evaluationsOf = async (name: string) =>
    (await readResults(`${evaluation}/${name}.json`))[0]!.evaluations;
  const stages: StageEvaluations[] = [];
  for (const stage of stageNames(manifest)) {
    if (there.has(stage)) stages.push({ stage, evaluations: await evaluationsOf(stage) });
  }
  const during: StepScores[] = [];
  for (const name of there) {
    const step = /^step-(\d+)$/.exec(name)?.[1];
    if (step === undefined) continue;
    during.push({ step: Number(step), evaluations: await evaluationsOf(name) });
  }
  return {
    manifest,
    steps: await readSteps(`${folder}/metrics.jsonl`),
    stages,
    during: during.toSorted((a, b) => a.step - b.step),
    sweep: await readSweep(sweep),
  };
}

/** The stages that the manifest names, in their order. */
function stageNames({ stages }: JsonObject): string[] {
  return Array.isArray(stages)
    ? stages.filter((stage) => typeof stage === "string")
    : ["before", "after"];
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

async function readSteps(path: string): Promise<StepLine[]> {
  const text = await Deno.readTextFile(path).catch((error) => {
    if (error instanceof Deno.errors.NotFound) return "";
    throw error;
  });
  const lines = text.split("\n");
  // Every whole line ends in a line feed: a run that still writes may have left part of one.
  lines.pop();
  return lines.flatMap((line, index) => {
    const value = parse(line);
    // Lines without a loss tell of something else than a step.
    if (typeof value === "object" && value !== null && !("loss" in value)) return [];
    const checked = stepLine.safeParse(value);
    if (checked.success) return [checked.data];
    throw new SyntaxError(
      `${path}:${index + 1}: expected a step with objective, loss and lr, found ` +
        line.slice(0, 80),
    );
  });
}

function parse(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
