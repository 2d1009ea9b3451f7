/**
 * A study from beginning to end.
 *
 * @module
 */
import { importLater } from "../../../core/import_later.ts";
import type { Json, JsonObject } from "../../../core/component.ts";
import { describeRecipe } from "../../../core/describe_recipe.ts";
import { type StudyScores, studyTable } from "../results/study_table.ts";
import type { Evaluation } from "../../../core/evaluator.ts";
import type { Recipe } from "../../../core/recipe.ts";
import { writeFileAtomically } from "../../../core/host/storage/atomic_file.ts";
import type { Study } from "../../../core/study.ts";
import { isShare } from "../../../core/shard.ts";
import { fromFirst } from "../../../core/processes/together.ts";
import { stagesOf } from "./evaluate_stage.ts";
import { describeSeconds } from "../terminal/progress.ts";
import { runRecipe } from "./run.ts";
import { whatLasts } from "./manifest.ts";
import { createRunFolder, isCompleted, openRunFolder, readManifest } from "./run_folder.ts";
import { holdSharedFolder } from "./shared_run_folder.ts";
import { openSurroundings } from "./open_surroundings.ts";
import type { RunOptions } from "./run_options.ts";
import { isBegun, runFolderIn, seedFolder } from "./study_folder.ts";

/**
 * Runs every arm of a study with every seed, one seed after the other. Each run has a run folder of
 * its own in the study's; the comparison stands in `table.md`, written anew after each run. A study
 * that is resumed takes completed runs as they are and goes on with the one that was stopped.
 *
 * @returns the study's folder; whether every run was completed (if not, the study was stopped and can be
 *   resumed); and the comparison of the runs that are done, in Markdown.
 * @throws {RangeError} if the folder to resume is of another study.
 */
export async function runStudy(
  study: Study,
  given: RunOptions & {
    /** The study's folder: made if it is not there, else gone on with. Default: one in `runs`. */
    readonly folder?: string;
    /** Makes only the runs that are this process's share. Default: all. */
    readonly shard?: { readonly number: number; readonly count: number };
  },
): Promise<{ readonly folder: string; readonly completed: boolean; readonly table: string }> {
  using surroundings = openSurroundings(given);
  const { folder: home, shard, ...options } = { ...given, ...surroundings };
  const { exchange } = options.processes;
  const resume = options.resume ?? await fromFirst(exchange, () => begunFolder(home));
  using held = await holdSharedFolder(
    exchange,
    () =>
      resume === undefined
        ? createRunFolder(options.runs, study.name, new Date(), home)
        : openRunFolder(resume),
  );
  const { folder } = held;
  options.processes.resumesFrom(folder.path);
  // A run alone is not what goes on.
  const processes = { ...options.processes, resumesFrom: () => {} };
  const manifest = { source: { ...options.source }, study: describeStudy(study) };
  if (resume === undefined) await folder.writeManifest(manifest);
  else await fromFirst(exchange, () => checkSameStudy(folder.path, manifest.study));

  const all = study.seeds.flatMap((seed) => study.arms.map((arm) => ({ ...arm, seed })))
    .filter((_, place) => shard === undefined || isShare(shard, place));
  const scores: StudyScores[] = [];
  const known = new Map<string, readonly Evaluation[]>();
  let seconds = 0;
  let timed = 0;
  for (const [place, { name, recipe, seed }] of all.entries()) {
    const seeded = { ...recipe, seed };
    const runs = seedFolder(folder.path, name, seed);
    const begun = await fromFirst(exchange, () => runFolderIn(runs));
    const base = baseOf(recipe);
    let stages = begun === undefined
      ? undefined
      : await fromFirst(exchange, () => completedStages(begun, seeded));
    if (stages === undefined) {
      const left = timed === 0
        ? ""
        : `, ${describeSeconds((all.length - place) * seconds / timed)} left`;
      options.progress.line(
        `${study.name}: ${name}, seed ${seed} (${place + 1} of ${all.length}${left})`,
      );
      const started = performance.now();
      const before = known.get(base);
      const { resume: _, source: __, ...common } = options;
      const summary = await runRecipe(seeded, {
        ...common,
        processes,
        runs,
        ...(begun === undefined ? {} : { resume: begun }),
        ...(before === undefined ? {} : { before }),
      });
      if (!summary.completed) {
        return { folder: folder.path, completed: false, table: studyTable(scores) };
      }
      seconds += (performance.now() - started) / 1000;
      timed++;
      const { after, transformed } = summary;
      stages = [
        { stage: "before", evaluations: summary.before },
        { stage: "after", evaluations: after },
        ...transformed,
      ];
    }
    const [before, ...later] = stages;
    known.set(base, before!.evaluations);
    for (const { stage, evaluations } of later) {
      scores.push({
        arm: stage === "after" ? name : `${name} + ${stage}`,
        before: before!.evaluations,
        after: evaluations,
      });
    }
    if (exchange.rank === 0) {
      await writeFileAtomically(`${folder.path}/table.md`, `${studyTable(scores)}\n`);
    }
  }
  // Loaded when it is needed: with it comes the report.
  const { writeStudyPage } = await importLater<typeof import("../studies/write_study_page.ts")>(
    "../studies/write_study_page.ts",
    import.meta.url,
  );
  if (exchange.rank === 0) await writeStudyPage(folder.path);
  return { folder: folder.path, completed: true, table: studyTable(scores) };
}

/** A study as its manifest has it. */
function describeStudy({ name, arms, seeds }: Study) {
  return {
    name,
    seeds,
    arms: arms.map(({ name, recipe }) => ({ name, recipe: describeRecipe(recipe) })),
  };
}

async function checkSameStudy(
  folder: string,
  study: ReturnType<typeof describeStudy>,
): Promise<void> {
  const kept = (await readManifest(folder)).study;
  if (lastingText(kept) === lastingText(study)) return;
  throw new RangeError(`${folder}: expected the folder of this study as it stands, found another`);
}

/** What a study has to go on with, as text; empty if it is none. */
function lastingText(study: Json | undefined): string {
  const { arms, ...rest } = (study ?? {}) as JsonObject;
  if (!Array.isArray(arms)) return "";
  const lasting = (arms as JsonObject[]).map(({ recipe, ...arm }) => ({
    ...arm,
    recipe: whatLasts(recipe),
  }));
  return JSON.stringify({ ...rest, arms: lasting });
}

/** What decides on the scores before training: runs that share it are scored once. */
function baseOf(recipe: Recipe): string {
  const { model, evaluators } = describeRecipe(recipe);
  return JSON.stringify([model, evaluators]);
}

/** A folder that a study was begun in. */
async function begunFolder(path: string | undefined): Promise<string | undefined> {
  return path !== undefined && await isBegun(path) ? path : undefined;
}

/** The scores of all stages of a run that is completed; undefined if it is not. */
async function completedStages(path: string, recipe: Recipe) {
  // A run with all its scores may still lack its report.
  if (!await isCompleted(path)) return undefined;
  const folder = await openRunFolder(path);
  const stages = [];
  for (const stage of stagesOf(recipe)) {
    const evaluations = await folder.readScores(stage);
    if (evaluations === undefined) return undefined;
    stages.push({ stage, evaluations });
  }
  return stages;
}
