/**
 * Scores in files: each data set's in the form of LAION's CLIP_benchmark, and all of a model's
 * together with what single items came to.
 *
 * @module
 */
import { basename, dirname, join } from "node:path";
import { z } from "zod";
import type { Evaluation } from "../evaluator.ts";
import { writeFileAtomically } from "../storage/mod.ts";
import type { StageEvaluations } from "./table.ts";

/** What CLIP_benchmark's files say about the model. */
export interface EvaluationLabel {
  /** The architecture: `"ViT-B-32-quickgelu"`. */
  readonly model: string;
  /** Where the weights come from; what tells the files before training from those after it. */
  readonly pretrained: string;
  /** Default `"en"`. */
  readonly language?: string;
}

/** The file that holds all scores of a model in a folder of results. */
export const SCORES_FILE = "scores.json";

/**
 * Writes scores in the form of LAION's CLIP_benchmark, under its name for them.
 *
 * @param folder Must exist.
 * @returns the path of the file.
 * @throws {StorageError} if the file cannot be written.
 */
export async function writeResult(
  folder: string,
  { dataset, task, metrics }: Evaluation,
  { model, pretrained, language = "en" }: EvaluationLabel,
): Promise<string> {
  const name = [dataset, pretrained, model, language, task].map(safeName).join("_");
  const file = `${folder}/${name}.json`;
  const result = { dataset, model, pretrained, task, metrics, language };
  await writeFileAtomically(file, `${JSON.stringify(result, null, 2)}\n`);
  return file;
}

/** As CLIP_benchmark does with slashes, and with all else that some file system refuses. */
function safeName(part: string): string {
  return part.replaceAll(/[^\p{L}\p{N}.+@=-]+/gu, "_");
}

/** Evaluations as JSON: readable, with every item on a line of its own. */
export function formatEvaluations(evaluations: readonly Evaluation[]): string {
  const texts = evaluations.map(({ itemScores, ...rest }) => {
    const text = JSON.stringify(rest, null, 2);
    if (itemScores === undefined) return text;
    const items = itemScores.map((item) => `    ${JSON.stringify(item)}`).join(",\n");
    return `${text.slice(0, -2)},\n  "itemScores": [\n${items}\n  ]\n}`;
  });
  return `[\n${texts.join(",\n")}\n]\n`;
}

const strings = z.array(z.string());
const metrics = z.record(z.string(), z.number());
const evaluationsSchema = z.array(z.object({
  dataset: z.string(),
  task: z.string(),
  metrics,
  items: z.number(),
  headline: z.string(),
  itemScores: z.array(z.object({
    id: z.string(),
    images: strings.exactOptional(),
    texts: strings.exactOptional(),
    scores: z.array(z.number()),
    correct: z.record(z.string(), z.boolean()),
    group: z.string().exactOptional(),
  })).exactOptional(),
  parts: strings.exactOptional(),
  partial: z.object({ of: z.number(), missing: strings }).exactOptional(),
}));
const resultSchema = z.object({
  dataset: z.string(),
  model: z.string(),
  pretrained: z.string(),
  task: z.string(),
  metrics: z.record(z.string(), z.union([z.number(), z.null()])),
});
const manifestSchema = z.object({ stages: strings.optional() });

/**
 * Reads the scores of models, in any of the forms in which they are kept: a run folder (its stages,
 * such as `before` and `after`), a folder of results or of CLIP_benchmark's files, one such file, or
 * a file of all scores of a model.
 *
 * @throws {RangeError} if there is nothing at the path, or a folder holds no results.
 * @throws {SyntaxError} if a file is no JSON or holds no scores.
 */
export async function readResults(path: string): Promise<readonly StageEvaluations[]> {
  const kind = await kindOf(path);
  if (kind === "none") {
    throw new RangeError(`${path}: expected a result file or run folder, found none`);
  }
  if (kind === "file") return [await readFile(path)];
  const name = basename(path.replace(/[/\\]+$/, ""));
  if (await kindOf(join(path, "manifest.json")) === "file") return await readRunFolder(path, name);
  if (await kindOf(join(path, SCORES_FILE)) === "file") {
    return [{ ...await readFile(join(path, SCORES_FILE)), stage: name }];
  }
  const found: StageEvaluations[] = [];
  for (const entry of await Array.fromAsync(Deno.readDir(path))) {
    if (entry.isFile && entry.name.endsWith(".json")) {
      found.push(await readFile(join(path, entry.name)));
    }
  }
  if (found.length === 0) {
    throw new RangeError(
      `${path}: expected a run folder or a folder of result files, found neither`,
    );
  }
  return joinModels(found.toSorted((a, b) => a.stage < b.stage ? -1 : 1));
}

/**
 * The scores of equal names together, in the order in which the names first stand; where that would
 * give a model two scores of one data set, the later ones go to `name (2)` and so on.
 */
export function joinModels(models: readonly StageEvaluations[]): readonly StageEvaluations[] {
  const joined = new Map<string, Evaluation[]>();
  for (const { stage, evaluations } of models) {
    for (let count = 1;; count++) {
      const name = count === 1 ? stage : `${stage} (${count})`;
      const there = joined.get(name) ?? [];
      const isTaken = there.some(({ dataset, task }) =>
        evaluations.some((each) => each.dataset === dataset && each.task === task)
      );
      if (isTaken) continue;
      joined.set(name, [...there, ...evaluations]);
      break;
    }
  }
  return [...joined].map(([stage, evaluations]) => ({ stage, evaluations }));
}

async function readRunFolder(path: string, name: string): Promise<readonly StageEvaluations[]> {
  const manifest = check(
    join(path, "manifest.json"),
    await readJson(join(path, "manifest.json")),
    manifestSchema,
  );
  const found: StageEvaluations[] = [];
  for (const stage of manifest.stages ?? ["before", "after"]) {
    const file = join(path, "evaluation", `${stage}.json`);
    if (await kindOf(file) !== "file") continue;
    found.push({ ...await readFile(file), stage: `${name}: ${stage}` });
  }
  if (found.length > 0) return found;
  throw new RangeError(`${path}: expected scores in ${path}/evaluation, found none`);
}

async function readFile(path: string): Promise<StageEvaluations> {
  const value = await readJson(path);
  if (Array.isArray(value)) {
    const stage = basename(path) === SCORES_FILE
      ? basename(dirname(path))
      : basename(path).replace(/\.json$/, "");
    return { stage, evaluations: check(path, value, evaluationsSchema) };
  }
  const { dataset, model, pretrained, task, metrics } = check(path, value, resultSchema);
  const known = Object.entries(metrics).filter((entry): entry is [string, number] =>
    entry[1] !== null
  );
  const evaluation = {
    dataset,
    task,
    metrics: Object.fromEntries(known),
    items: 0,
    headline: known[0]?.[0] ?? "",
  };
  return { stage: `${pretrained} ${model}`, evaluations: [evaluation] };
}

async function readJson(path: string): Promise<unknown> {
  try {
    return JSON.parse(await Deno.readTextFile(path));
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new SyntaxError(`${path}: expected JSON: ${error.message}`, { cause: error });
  }
}

function check<T>(path: string, value: unknown, schema: z.ZodType<T>): T {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const { path: where, message } = result.error.issues[0]!;
  throw new SyntaxError(`${path}: expected scores: ${where.join(".") || "all of it"}: ${message}`);
}

async function kindOf(path: string): Promise<"file" | "folder" | "none"> {
  try {
    return (await Deno.stat(path)).isDirectory ? "folder" : "file";
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return "none";
    throw error;
  }
}
