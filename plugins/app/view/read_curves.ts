import { join } from "node:path";
import { readAllScores } from "../report/read_run.ts";
import { readSteps, type StepLine } from "../report/read_steps.ts";
import { scoreSeries, type Series } from "../report/series.ts";
import { SCORES_FOLDER } from "../results/result_files.ts";
import { readManifest } from "../runs/run_folder.ts";
import { lookInside } from "./inside.ts";
import { readStage } from "./read_scores.ts";
import type { ViewSteps } from "./view_row.ts";

/**
 * The steps of a run that were written since it was asked last: of `metrics.jsonl` only what was
 * appended is read. A run that went on from a checkpoint has a new file, which is read from the start.
 *
 * @param root The folder that is looked at, as `Deno.realPath` gives it.
 * @param id The run's folder below it.
 * @param from What the last answer gave as `next`; empty at first.
 * @throws {SyntaxError} if a line is no step.
 */
export async function newSteps(root: string, id: string, from: string): Promise<ViewSteps> {
  await lookInside(root, id, "metrics.jsonl");
  const path = join(root, id, "metrics.jsonl");
  const file = await identityOf(path);
  const [known, place] = from.split(":");
  const begin = known === file.name && Number(place) <= file.size ? Number(place) : 0;
  let end = begin;
  const steps: StepLine[] = [];
  for await (const line of readSteps(path, begin)) {
    steps.push(line.step);
    end = line.end;
  }
  return { next: `${file.name}:${end}`, all: begin === 0, steps };
}

/** A file that is written anew is another one, though it has the same path. */
async function identityOf(path: string): Promise<{ name: string; size: number }> {
  try {
    const { ino, birthtime, size } = await Deno.stat(path);
    return { name: `${ino ?? 0}-${birthtime?.getTime() ?? 0}`, size };
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return { name: "none", size: 0 };
    throw error;
  }
}

/**
 * The leading scores of a run over its steps; of one that was not scored on the way those before and
 * after.
 *
 * @param root The folder that is looked at, as `Deno.realPath` gives it.
 * @param id The run's folder below it.
 */
export async function scoreCurves(root: string, id: string): Promise<readonly Series[]> {
  const manifest = await readManifest(join(root, id));
  await lookInside(root, id, SCORES_FOLDER);
  const { stages, during } = await readAllScores(
    manifest,
    join(root, id, SCORES_FOLDER),
    (name) => readStage(root, id, name),
  );
  return scoreSeries(stages, during, typeof manifest.steps === "number" ? manifest.steps : 0);
}
