/**
 * Scores from files, in any of the forms in which they are kept.
 *
 * @module
 */
import { basename, dirname, join, resolve } from "node:path";
import { z } from "zod";
import type { Evaluation } from "../../../core/evaluator.ts";
import { readText } from "../../../core/host/storage/read_text.ts";
import { joinModels, type ReadModel } from "./join_models.ts";
import { SCORES_FILE } from "./result_files.ts";
import type { StageEvaluations } from "./table.ts";

const strings = z.array(z.string());
const partial = z.object({ of: z.number(), missing: strings }).exactOptional();
const evaluationsSchema = z.array(z.object({
  dataset: z.string(),
  task: z.string(),
  metrics: z.record(z.string(), z.number()),
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
  partial,
}));
const resultSchema = z.object({
  dataset: z.string(),
  model: z.string(),
  pretrained: z.string(),
  task: z.string(),
  metrics: z.record(z.string(), z.union([z.number(), z.boolean(), z.null()])),
  // Ours: CLIP_benchmark does not write them.
  items: z.number().exactOptional(),
  headline: z.string().exactOptional(),
  partial,
});
const manifestSchema = z.object({ stages: strings.optional() });

/** What CLIP_benchmark's linear probe writes among its metrics and is no score. */
const SETTINGS: readonly string[] = [
  "weight_decay",
  "lr",
  "epochs",
  "seed",
  "fewshot_k",
  "normalized",
];

/**
 * Reads the scores of models, in any of the forms in which they are kept: a run folder (its stages,
 * such as `before` and `after`), a folder of results or of CLIP_benchmark's files, one such file, or
 * a file of all scores of a model.
 *
 * A model of CLIP_benchmark's files is named as they name it, any other after its folder or file. A
 * metric that CLIP_benchmark could not compute (`NaN`, which JSON does not know, or `null`) counts
 * as absent.
 *
 * @throws {RangeError} if there is nothing at the path, or a folder holds no results.
 * @throws {SyntaxError} if a file is no JSON or holds no scores.
 */
export async function readResults(path: string): Promise<readonly StageEvaluations[]> {
  return await readModels([path]);
}

/**
 * Reads the scores at several paths as {@linkcode readResults} those at one. CLIP_benchmark's files
 * of one model belong together wherever they are; folders and other files are models of their own,
 * and those of the same name are named by as much of their paths as tells them apart.
 *
 * @throws {RangeError} as {@linkcode readResults}.
 * @throws {SyntaxError} as {@linkcode readResults}.
 */
export async function readModels(paths: readonly string[]): Promise<readonly StageEvaluations[]> {
  const found: ReadModel[] = [];
  for (const path of paths) found.push(...await readPath(path));
  return joinModels(found);
}

async function readPath(path: string): Promise<readonly ReadModel[]> {
  const kind = await kindOf(path);
  if (kind === "none") {
    throw new RangeError(`${path}: expected a result file or run folder, found none`);
  }
  if (kind === "file") return [await readFile(path)];
  if (await kindOf(join(path, "manifest.json")) === "file") return await readRunFolder(path);
  if (await kindOf(join(path, SCORES_FILE)) === "file") {
    return [await readFile(join(path, SCORES_FILE))];
  }
  const entries = await Array.fromAsync(Deno.readDir(path));
  const names = entries.filter(({ isFile, name }) => isFile && name.endsWith(".json"))
    .map(({ name }) => name).toSorted();
  if (names.length === 0) {
    throw new RangeError(
      `${path}: expected a run folder or a folder of result files, found neither`,
    );
  }
  return await Promise.all(names.map((name) => readFile(join(path, name))));
}

async function readRunFolder(path: string): Promise<readonly ReadModel[]> {
  const file = join(path, "manifest.json");
  const manifest = check(file, await readJson(file), manifestSchema);
  const found: ReadModel[] = [];
  for (const stage of manifest.stages ?? ["before", "after"]) {
    const file = join(path, "evaluation", `${stage}.json`);
    if (await kindOf(file) !== "file") continue;
    const { evaluations } = await readFile(file);
    found.push({ path: resolve(path), stage, evaluations });
  }
  if (found.length > 0) return found;
  throw new RangeError(`${path}: expected scores in ${path}/evaluation, found none`);
}

async function readFile(path: string): Promise<ReadModel> {
  const value = await readJson(path);
  if (Array.isArray(value)) {
    const named = basename(path) === SCORES_FILE ? dirname(path) : path.replace(/\.json$/, "");
    return { path: resolve(named), evaluations: check(path, value, evaluationsSchema) };
  }
  const { model, pretrained, ...result } = check(path, value, resultSchema);
  return { label: `${pretrained} ${model}`, evaluations: [evaluationOf(result)] };
}

function evaluationOf(
  { dataset, task, metrics, items, headline, partial }: Omit<
    z.infer<typeof resultSchema>,
    "model" | "pretrained"
  >,
): Evaluation {
  const scores = Object.entries(metrics).filter((entry): entry is [string, number] =>
    typeof entry[1] === "number" && !SETTINGS.includes(entry[0])
  );
  return {
    dataset,
    task,
    metrics: Object.fromEntries(scores),
    items: items ?? 0,
    headline: headline ?? scores[0]?.[0] ?? "",
    ...(partial === undefined ? {} : { partial }),
  };
}

async function readJson(path: string): Promise<unknown> {
  const text = await readText(path);
  try {
    return JSON.parse(text);
  } catch {
    // Python writes numbers that JSON does not have.
  }
  try {
    return JSON.parse(withoutNotNumbers(text));
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new SyntaxError(`${path}: expected JSON: ${error.message}`, { cause: error });
  }
}

/** `null` for every `NaN`, `Infinity` and `-Infinity` outside of strings. */
function withoutNotNumbers(text: string): string {
  return text.replaceAll(
    /"(?:[^"\\]|\\.)*"|NaN|-?Infinity/g,
    (token) => token.startsWith('"') ? token : "null",
  );
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
