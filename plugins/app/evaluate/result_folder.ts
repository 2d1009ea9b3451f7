import { z } from "zod";
import { checkContent } from "../../../core/check_content.ts";
import {
  type EvaluationLabel,
  formatEvaluations,
  PROVENANCE_FILE,
  SCORES_FILE,
  SCORES_FOLDER,
  writeResult,
} from "../results/result_files.ts";
import { readResults } from "../results/read_results.ts";
import { writeFileAtomically } from "../../../core/host/storage/atomic_file.ts";
import type { Evaluation } from "../../../core/evaluator.ts";
import type { JsonObject } from "../../../core/component.ts";
import { readJson } from "../../../core/host/storage/read_json.ts";

/** What the scores of a folder are scores of. */
export interface Provenance extends JsonObject {
  /** The model, by what its towers' embeddings depend on. */
  readonly fingerprint: string;
  /** Where the weights came from. */
  readonly weights: string;
}

/** A folder of results of one model, to which benchmarks may be added one after another. */
export interface ResultFolder {
  /** All evaluations that are there. */
  readonly evaluations: readonly Evaluation[];
  /** Adds evaluations; those of the same data sets are replaced. */
  add(evaluations: readonly Evaluation[]): Promise<void>;
}

const provenanceSchema = z.object({ fingerprint: z.string(), weights: z.string() });

/**
 * Opens the folder, or makes it.
 *
 * @throws {RangeError} if it holds the scores of another model.
 * @throws {StorageError} if a file cannot be written.
 */
export async function openResultFolder(
  folder: string,
  provenance: Provenance,
  label: EvaluationLabel,
): Promise<ResultFolder> {
  const file = `${folder}/${PROVENANCE_FILE}`;
  const before = await readProvenance(file);
  if (before !== undefined && before.fingerprint !== provenance.fingerprint) {
    throw new RangeError(
      `${folder}: holds the scores of another model (${before.weights}); choose another folder`,
    );
  }
  await Deno.mkdir(`${folder}/${SCORES_FOLDER}`, { recursive: true });
  await writeFileAtomically(file, `${JSON.stringify(provenance, null, 2)}\n`);
  let evaluations: readonly Evaluation[] = before === undefined
    ? []
    : await readScores(`${folder}/${SCORES_FILE}`);
  return {
    get evaluations() {
      return evaluations;
    },
    add: async (added) => {
      const kept = evaluations.filter(({ dataset, task }) =>
        !added.some((each) => each.dataset === dataset && each.task === task)
      );
      evaluations = [...kept, ...added];
      for (const evaluation of added) await writeResult(folder, evaluation, label);
      await writeFileAtomically(`${folder}/${SCORES_FILE}`, formatEvaluations(evaluations));
    },
  };
}

async function readScores(path: string): Promise<readonly Evaluation[]> {
  const isThere = await Deno.stat(path).then(() => true, () => false);
  return isThere ? (await readResults(path))[0]!.evaluations : [];
}

async function readProvenance(path: string): Promise<Provenance | undefined> {
  try {
    return checkContent(path, "what scores are of", provenanceSchema, await readJson(path));
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}
