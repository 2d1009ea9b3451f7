/**
 * Scores from the places where they are kept.
 *
 * @module
 */
import { join, resolve } from "node:path";
import { z } from "zod";
import { checkContent } from "../../../core/check_content.ts";
import { readJson } from "../../../core/host/storage/read_json.ts";
import { readText } from "../../../core/host/storage/read_text.ts";
import { joinModels, type ReadModel } from "./join_models.ts";
import { parseResults } from "./parse_results.ts";
import { PROVENANCE_FILE, SCORES_FILE, SCORES_FOLDER } from "./result_files.ts";
import type { StageEvaluations } from "./table.ts";

const provenanceSchema = z.object({ settings: z.string().exactOptional() });
const manifestSchema = provenanceSchema.extend({
  stages: z.array(z.string()).default(["before", "after"]),
});

/**
 * Reads the scores of models, in any of the forms in which they are kept: a run folder (its stages,
 * such as `before` and `after`), a folder of results or of CLIP_benchmark's files, one such file, a
 * list of them (JSON or JSONL), the table that its `build` makes of them, or a file of all scores of
 * a model.
 *
 * A model of CLIP_benchmark's files is named as they name it, any other after its folder or file. A
 * metric that CLIP_benchmark could not compute (`NaN`) counts as absent.
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
  if (kind === "file") return await readFile(path);
  if (await kindOf(join(path, "manifest.json")) === "file") return await readRunFolder(path);
  if (await kindOf(join(path, SCORES_FILE)) === "file") {
    const settings = await readSettings(join(path, PROVENANCE_FILE));
    return (await readFile(join(path, SCORES_FILE))).map((model) => ({ ...model, ...settings }));
  }
  const entries = await Array.fromAsync(Deno.readDir(path));
  const all = entries.filter(({ isFile }) => isFile).map(({ name }) => name).toSorted();
  const results = all.filter((name) => /\.jsonl?$/.test(name));
  // A table beside them is made of them.
  const names = results.length > 0 ? results : all.filter((name) => name.endsWith(".csv"));
  if (names.length === 0) {
    throw new RangeError(
      `${path}: expected a run folder or a folder of result files, found neither`,
    );
  }
  return (await Promise.all(names.map((name) => readFile(join(path, name))))).flat();
}

/** What was kept of a model's settings; nothing where that was not. */
async function readSettings(path: string): Promise<{ readonly settings?: string }> {
  if (await kindOf(path) !== "file") return {};
  return checkContent(path, "what scores are of", provenanceSchema, await readJson(path));
}

async function readRunFolder(path: string): Promise<readonly ReadModel[]> {
  const found: ReadModel[] = [];
  const manifest = join(path, "manifest.json");
  const known = checkContent(manifest, "a manifest", manifestSchema, await readJson(manifest));
  const { stages, ...settings } = known;
  for (const stage of stages) {
    const file = join(path, SCORES_FOLDER, `${stage}.json`);
    if (await kindOf(file) !== "file") continue;
    for (const { evaluations } of await readFile(file)) {
      found.push({ path: resolve(path), stage, evaluations, ...settings });
    }
  }
  if (found.length > 0) return found;
  throw new RangeError(`${path}: expected scores in ${path}/${SCORES_FOLDER}, found none`);
}

async function readFile(path: string): Promise<readonly ReadModel[]> {
  const parsed = parseResults(path, await readText(path));
  if ("labelled" in parsed) {
    return parsed.labelled.map(({ label, evaluation }) => ({ label, evaluations: [evaluation] }));
  }
  const { evaluations } = parsed;
  return [{ path: resolve(placeOf(path)), evaluations }];
}

/** What a file of a model's scores is named after: the folder, or the file without its ending. */
function placeOf(path: string): string {
  const end = join("/", SCORES_FILE);
  const whole = resolve(path);
  return whole.endsWith(end) ? whole.slice(0, -end.length) : path.replace(/\.jsonl?$/, "");
}

async function kindOf(path: string): Promise<"file" | "folder" | "none"> {
  try {
    return (await Deno.stat(path)).isDirectory ? "folder" : "file";
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return "none";
    throw error;
  }
}
