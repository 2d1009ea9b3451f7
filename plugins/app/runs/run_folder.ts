import type { JsonObject } from "../../../core/component.ts";
import {
  type EvaluationLabel,
  formatEvaluations,
  SCORES_FOLDER,
  writeResult,
} from "../results/result_files.ts";
import { checkContent } from "../../../core/check_content.ts";
import type { Evaluation } from "../../../core/evaluator.ts";
import { readJson } from "../../../core/host/storage/read_json.ts";
import { readText } from "../../../core/host/storage/read_text.ts";
import { readWholeLines } from "../../../core/host/storage/whole_lines.ts";
import { parseJson } from "../../../core/parse_json.ts";
import { describeFound } from "../../../core/settings_error.ts";
import { evaluationsSchema } from "../results/evaluations_schema.ts";
import { appendWhole } from "../../../core/host/storage/append.ts";
import { lockFolder } from "../../../core/host/storage/folder_lock.ts";
import { storageErrorOf } from "../../../core/host/storage/storage_error.ts";
import { writeFileAtomically } from "../../../core/host/storage/atomic_file.ts";

/** The folder that a run leaves behind. */
export interface RunFolder {
  /** The folder, as it was named when it was made or opened. */
  readonly path: string;
  /**
   * Adds a line to `metrics.jsonl`.
   *
   * @throws {StorageError} if the disk is full.
   */
  appendMetrics(record: MetricsRecord): Promise<void>;
  /**
   * Leaves only the lines of `metrics.jsonl` up to a step: those that a resumed run would write
   * again are dropped, as is a last line that was cut short. The file is replaced at once, or not
   * at all.
   *
   * @throws {SyntaxError} if a line before the last is no JSON object with a step.
   */
  truncateMetrics(step: number): Promise<void>;
  /** Replaces `manifest.json`. */
  writeManifest(manifest: JsonObject): Promise<void>;
  /**
   * Writes scores to `evaluation/` in the form of LAION's CLIP_benchmark.
   *
   * @returns the path of the file.
   */
  writeEvaluation(evaluation: Evaluation, label: EvaluationLabel): Promise<string>;
  /**
   * Scores that {@linkcode RunFolder.writeScores} left; undefined if there are none.
   *
   * @throws {SyntaxError} if the file does not parse.
   */
  readScores(stage: string): Promise<readonly Evaluation[] | undefined>;
  /** Keeps all scores of a stage together in `scores/<stage>.json`. */
  writeScores(stage: string, evaluations: readonly Evaluation[]): Promise<void>;
}

/** A line of `metrics.jsonl`. */
export interface MetricsRecord extends JsonObject {
  /** The step that the line is about: 1 for the first, 0 for what comes before it. */
  readonly step: number;
}

/**
 * Makes `<runs>/<recipe>-<time>/`. The time is UTC to the second and sorts as text; where the
 * folder is there already, `-2`, `-3` … follow.
 *
 * @param runs The folder that holds all runs; made if it is missing.
 * @param exact The folder to make instead, or to take as it is.
 * @throws {StorageError} if the folder cannot be made.
 */
export async function createRunFolder(
  runs: string,
  recipe: string,
  now: Date,
  exact?: string,
): Promise<RunFolder> {
  if (exact !== undefined) {
    await makeFolder(exact, { recursive: true });
    return runFolder(withoutSlash(exact));
  }
  const time = now.toISOString().slice(0, 19).replaceAll(/[-:]/g, "");
  await makeFolder(runs, { recursive: true });
  for (let count = 1;; count++) {
    const path = `${withoutSlash(runs)}/${recipe}-${time}${count === 1 ? "" : `-${count}`}`;
    // Making it fails if it is there: two runs of one second never share a folder.
    if (await makeFolder(path, { recursive: false })) return runFolder(path);
  }
}

/**
 * The folder of a run that is to go on.
 *
 * @throws {RangeError} if there is no such folder or it holds no `manifest.json`.
 */
export async function openRunFolder(path: string): Promise<RunFolder> {
  await readManifest(path);
  return runFolder(withoutSlash(path));
}

/**
 * Holds a run's or study's folder until it is disposed of: two processes that went on with one run
 * would write over each other.
 *
 * @throws {RangeError} if another process works in it.
 */
export async function holdRunFolder(path: string): Promise<Disposable> {
  const held = await lockFolder(path);
  if (held !== undefined) return held;
  throw new RangeError(
    `${path}: expected a folder in which nobody is at work, found that another process is; wait ` +
      "until it ends, or end it",
  );
}

/**
 * The manifest of a run.
 *
 * @throws {RangeError} if the folder or its `manifest.json` is missing.
 * @throws {SyntaxError} if the manifest is no JSON object.
 */
export async function readManifest(folder: string): Promise<JsonObject> {
  const path = `${folder}/manifest.json`;
  let manifest: unknown;
  try {
    manifest = await readJson(path);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound || error instanceof Deno.errors.NotADirectory)) {
      throw error;
    }
    throw new RangeError(`${folder}: expected the folder of a run, found no manifest.json in it`);
  }
  if (isObject(manifest)) return manifest;
  throw new SyntaxError(`${path}: expected a JSON object, found ${describeFound(manifest)}`);
}

const COMPLETED = "completed.json";

/** Notes that a run is done with everything, its hooks included: with `completed.json`. */
export async function markCompleted(folder: string, now: Date): Promise<void> {
  await writeFileAtomically(
    `${folder}/${COMPLETED}`,
    formatJson({ completed: now.toISOString() }),
  );
}

/** Whether a run is done with everything, so that there is nothing to go on with. */
export async function isCompleted(folder: string): Promise<boolean> {
  return await Deno.stat(`${folder}/${COMPLETED}`).then(() => true, () => false);
}

function runFolder(path: string): RunFolder {
  const metrics = `${path}/metrics.jsonl`;
  const files = `${path}/evaluation`;
  const scores = `${path}/${SCORES_FOLDER}`;
  return {
    path,
    appendMetrics: async (record) => {
      using file = await Deno.open(metrics, { append: true, create: true }).catch((error) => {
        throw storageErrorOf(metrics, error);
      });
      appendWhole(file, metrics, new TextEncoder().encode(`${JSON.stringify(record)}\n`));
    },
    truncateMetrics: async (step) => {
      const kept: string[] = [];
      try {
        for await (const { line, text } of readWholeLines(metrics)) {
          if (stepOf(text, `${metrics}:${line}`) <= step) kept.push(`${text}\n`);
        }
      } catch (error) {
        if (!(error instanceof Deno.errors.NotFound)) throw error;
      }
      await writeFileAtomically(metrics, kept.join(""));
    },
    writeManifest: async (manifest) => {
      await writeFileAtomically(`${path}/manifest.json`, formatJson(manifest));
    },
    writeEvaluation: async (evaluation, label) => {
      await makeFolder(files, { recursive: true });
      return await writeResult(files, evaluation, label);
    },
    readScores: async (stage) => {
      const file = `${scores}/${stage}.json`;
      const where = `${file} (remove it to score again)`;
      try {
        const value = parseJson(where, await readText(file));
        return checkContent(where, "scores", evaluationsSchema, value);
      } catch (error) {
        if (error instanceof Deno.errors.NotFound) return undefined;
        throw error;
      }
    },
    writeScores: async (stage, evaluations) => {
      await makeFolder(scores, { recursive: true });
      await writeFileAtomically(`${scores}/${stage}.json`, formatEvaluations(evaluations));
    },
  };
}

/** Makes a folder; false if it is there already. */
async function makeFolder(path: string, options: { recursive: boolean }): Promise<boolean> {
  try {
    await Deno.mkdir(path, options);
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.AlreadyExists && !options.recursive) return false;
    throw storageErrorOf(path, error);
  }
}

function stepOf(line: string, where: string): number {
  const record = parseJson(where, line);
  if (isObject(record) && typeof record.step === "number") return record.step;
  throw new SyntaxError(
    `${where}: expected a JSON object with a step, found ${describeFound(record)}`,
  );
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function withoutSlash(path: string): string {
  return path.replace(/(?<=.)\/+$/, "");
}

function formatJson(value: JsonObject): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
