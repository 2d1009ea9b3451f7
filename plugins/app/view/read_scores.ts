import { join } from "node:path";
import { checkContent } from "../../../core/check_content.ts";
import type { Evaluation } from "../../../core/evaluator.ts";
import { readText } from "../../../core/host/storage/read_text.ts";
import { parseJson } from "../../../core/parse_json.ts";
import { leadingMetrics } from "../report/score_rows.ts";
import { evaluationsSchema } from "../results/evaluations_schema.ts";
import { SCORES_FOLDER, withoutItems } from "../results/result_files.ts";
import type { StageEvaluations } from "../results/table.ts";
import { lookInside } from "./inside.ts";
import type { ViewScore } from "./view_row.ts";

/**
 * The scores of a stage in a folder; undefined if there are none.
 *
 * @param root The folder that is looked at, as `Deno.realPath` gives it.
 * @param id The folder below it.
 * @param items Whether what single items came to is wanted too.
 * @throws {RangeError} if the file leads out of the folder.
 * @throws {SyntaxError} if it holds no scores.
 */
export async function readStage(
  root: string,
  id: string,
  stage: string,
  items = false,
): Promise<readonly Evaluation[] | undefined> {
  const names = [id, SCORES_FOLDER, `${stage}.json`];
  if (await lookInside(root, ...names) === undefined) return undefined;
  const path = join(root, ...names);
  const text = await readText(path);
  const value = parseJson(path, items ? text : withoutItems(text));
  return checkContent(path, "scores", evaluationsSchema, value);
}

/** The scores that stand for the data sets of all stages, the data sets in the order of the files. */
export function leadingScores(stages: readonly StageEvaluations[]): readonly ViewScore[] {
  const all = stages.flatMap(({ evaluations }) => evaluations);
  const parts = new Set(all.flatMap(({ parts = [] }) => parts));
  const found = new Map<string, ViewScore>();
  for (const evaluation of all) {
    const { dataset, task } = evaluation;
    for (const metric of leadingMetrics(evaluation)) {
      const key = JSON.stringify([dataset, task, metric]);
      if (found.has(key)) continue;
      const values = stages.map(({ evaluations }) =>
        evaluations.find((each) => each.dataset === dataset && each.task === task)
          ?.metrics[metric] ?? null
      );
      found.set(key, { dataset, metric, part: parts.has(dataset), values });
    }
  }
  return [...found.values()];
}
