import { join } from "node:path";
import { z } from "zod";
import { checkContent } from "../../../core/check_content.ts";
import { isHeld, LOCK_FILE } from "../../../core/host/storage/folder_lock.ts";
import { readJson } from "../../../core/host/storage/read_json.ts";
import { namedStages } from "../report/read_run.ts";
import { PROVENANCE_FILE, SCORES_FILE, SCORES_FOLDER } from "../results/result_files.ts";
import type { StageEvaluations } from "../results/table.ts";
import { readManifest } from "../runs/run_folder.ts";
import { lookInside } from "./inside.ts";
import { lastStep } from "./last_step.ts";
import { leadingScores, readStage } from "./read_scores.ts";
import type { ViewRow } from "./view_row.ts";

/** The files that a row is made of; it changes when they do. */
const FILES = ["manifest.json", "metrics.jsonl", "completed.json", "report.html", SCORES_FOLDER];

/** The stage under which the scores of an evaluation stand. */
const ALL = "all";

const named = z.object({ name: z.string() });
const runSchema = z.object({
  recipe: z.object({ name: z.string(), objectives: z.array(named) }),
  source: z.object({ overrides: z.array(z.string()).default([]) }).nullish(),
  started: z.string().default(""),
  model: z.string(),
  steps: z.number(),
});
const studySchema = z.object({
  study: z.object({ name: z.string(), seeds: z.array(z.int()), arms: z.array(named) }),
});
const provenanceSchema = z.object({ weights: z.string() });

/** A row of a folder, and what it is to be compared with to know whether the folder has changed. */
export interface ReadRow {
  readonly stamp: string;
  readonly row: ViewRow;
}

/**
 * The row of a folder: one that is broken says what is wrong.
 *
 * @param root The folder that is looked at, as `Deno.realPath` gives it.
 * @param id The folder below it.
 * @param before The row as it was; it is given back where nothing has changed.
 */
export async function readRow(root: string, id: string, before?: ReadRow): Promise<ReadRow> {
  let stamp = "";
  try {
    const infos = await Promise.all(FILES.map((name) => lookInside(root, id, name)));
    const [manifest, , completed, report, scores] = infos;
    const held = completed === undefined && await lookInside(root, id, LOCK_FILE) !== undefined &&
      await isHeld(join(root, id));
    stamp = [held, ...infos.map((info) => info?.stamp)].join(" ");
    if (stamp === before?.stamp) return before;
    const row: ViewRow = {
      ...emptyRow(id),
      state: completed !== undefined ? "done" : held ? "running" : "stopped",
      report: report?.isFile ?? false,
      scored: scores?.stamp ?? "",
    };
    return { stamp, row: await withFacts(root, row, manifest !== undefined, before?.row) };
  } catch (error) {
    const fault = error instanceof Error ? error.message : String(error);
    const isKnown = before?.stamp === stamp && before.row.fault === fault;
    return isKnown ? before : { stamp, row: brokenRow(id, fault) };
  }
}

/** The row of a folder that cannot be read. */
export function brokenRow(id: string, fault: string): ViewRow {
  return { ...emptyRow(id), state: "broken", fault };
}

function emptyRow(id: string): ViewRow {
  return {
    ...{ id, kind: "unknown", name: id.split("/").at(-1)!, methods: [], model: "" },
    ...{ overrides: [], started: "", state: "stopped", fault: null, step: 0, steps: 0 },
    ...{ report: false, stages: [], scores: [], scored: "" },
  };
}

async function withFacts(
  root: string,
  row: ViewRow,
  hasManifest: boolean,
  before?: ViewRow,
): Promise<ViewRow> {
  const { id } = row;
  const scoresOf = async (stages: readonly string[]) => {
    // Scores stay as they were while a run goes on.
    const isKnown = before?.fault === null && before.scored === row.scored;
    if (isKnown) return { stages: before.stages, scores: before.scores };
    const found: StageEvaluations[] = [];
    for (const stage of stages) {
      const evaluations = await readStage(root, id, stage);
      if (evaluations !== undefined) found.push({ stage, evaluations });
    }
    return { stages: found.map(({ stage }) => stage), scores: leadingScores(found) };
  };
  const evaluated = hasManifest ? undefined : await lookInside(root, id, SCORES_FILE);
  if (evaluated !== undefined) {
    const name = await evaluatedWeights(root, id);
    const started = new Date(evaluated.changed).toISOString();
    return { ...row, kind: "results", name, started, state: "done", ...await scoresOf([ALL]) };
  }
  const manifest = await readManifest(join(root, id));
  const where = join(root, id, "manifest.json");
  if ("study" in manifest) {
    const { study } = checkContent(where, "the manifest of a study", studySchema, manifest);
    return {
      ...row,
      kind: "study",
      name: study.name,
      methods: study.arms.map(({ name }) => name),
      steps: study.arms.length * study.seeds.length,
    };
  }
  const { recipe, source, started, model, steps } = checkContent(
    where,
    "the manifest of a run",
    runSchema,
    manifest,
  );
  return {
    ...row,
    kind: "run",
    name: recipe.name,
    methods: recipe.objectives.map(({ name }) => name),
    ...{ model, started, steps, overrides: source?.overrides ?? [] },
    step: await lastStep(join(root, id, "metrics.jsonl")),
    ...await scoresOf(namedStages(manifest)),
  };
}

/** What an evaluation says that its scores are of. */
async function evaluatedWeights(root: string, id: string): Promise<string> {
  if (await lookInside(root, id, PROVENANCE_FILE) === undefined) return id.split("/").at(-1)!;
  const path = join(root, id, PROVENANCE_FILE);
  return checkContent(path, "what scores are of", provenanceSchema, await readJson(path)).weights;
}
