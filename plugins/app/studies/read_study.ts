import { z } from "zod";
import { checkContent } from "../../../core/check_content.ts";
import type { StudyScores } from "../results/study_table.ts";
import { isCompleted, openRunFolder, readManifest } from "../runs/run_folder.ts";
import { runFolderIn, seedFolder } from "../runs/study_folder.ts";

/** A study as its folder has it. */
export interface StudyRecord {
  readonly name: string;
  readonly seeds: readonly number[];
  readonly arms: readonly { readonly name: string; readonly recipe: unknown }[];
}

/** One run of a study. */
export interface StudyRun {
  readonly arm: string;
  readonly seed: number;
  /** Its folder; `undefined` if it was not begun. */
  readonly folder: string | undefined;
  /** Whether it is done. */
  readonly completed: boolean;
}

const schema = z.object({
  study: z.object({
    name: z.string(),
    seeds: z.array(z.int()),
    arms: z.array(z.object({ name: z.string(), recipe: z.unknown() })),
  }),
});

/**
 * The study that a folder is of.
 *
 * @throws {RangeError} if it is no folder of a study.
 * @throws {SyntaxError} if its manifest is not what a study writes.
 */
export async function readStudy(folder: string): Promise<StudyRecord> {
  const path = `${folder}/manifest.json`;
  return checkContent(path, "a study", schema, await readManifest(folder)).study;
}

/** Every run of a study in the order in which they are made, and how it stands. */
export async function studyRuns(folder: string, study: StudyRecord): Promise<readonly StudyRun[]> {
  const runs: StudyRun[] = [];
  for (const seed of study.seeds) {
    for (const { name: arm } of study.arms) {
      const found = await runFolderIn(seedFolder(folder, arm, seed));
      const completed = found !== undefined && await isCompleted(found);
      runs.push({ arm, seed, folder: found, completed });
    }
  }
  return runs;
}

/** The scores of the runs that are done. */
export async function studyScores(runs: readonly StudyRun[]): Promise<readonly StudyScores[]> {
  const scores: StudyScores[] = [];
  for (const { arm, folder, completed } of runs) {
    if (folder === undefined || !completed) continue;
    const { stages } = stagesSchema.parse(await readManifest(folder));
    const run = await openRunFolder(folder);
    const before = await run.readScores("before") ?? [];
    for (const stage of stages.filter((each) => each !== "before")) {
      const after = await run.readScores(stage);
      if (after === undefined) continue;
      scores.push({ arm: stage === "after" ? arm : `${arm} + ${stage}`, before, after });
    }
  }
  return scores;
}

const stagesSchema = z.object({ stages: z.array(z.string()) });
