import type { Evaluation } from "../../../core/evaluator.ts";
import { signedDigits } from "../../../core/fixed_digits.ts";

/** Scores of one model in a comparison. */
export interface StageEvaluations {
  /** Names the model: `"before"`, `"after"`, `"patch-0.6"`. */
  readonly stage: string;
  /** Its scores. */
  readonly evaluations: readonly Evaluation[];
  /** What they depend on beside its weights, in a line; where that was kept. */
  readonly settings?: string;
}

/** What the asterisk of a data set means. */
const PARTIAL = "* not all items of the benchmark were scored";

/**
 * A table for people of what training changed: one row for each metric of each data set, scores in
 * percent, and beside each stage but the first the difference from the first in percentage points.
 * A stage without the score, and what would be compared with it, has a dash; a data set of which
 * not all items were scored has an asterisk.
 *
 * @example
 * ```ts
 * import { comparisonTable } from "./table.ts";
 *
 * const scored = { dataset: "scenes/swap_att", task: "image_caption_selection", items: 200 };
 * console.log(comparisonTable([
 *   { stage: "before", evaluations: [{ ...scored, metrics: { acc: 0.5 }, headline: "acc" }] },
 *   { stage: "after", evaluations: [{ ...scored, metrics: { acc: 0.625 }, headline: "acc" }] },
 * ]));
 * // dataset          metric  before %  after %  difference
 * // scenes/swap_att  acc        50.00    62.50      +12.50
 * ```
 */
export function comparisonTable(stages: readonly StageEvaluations[]): string {
  const rows = new Map<string, Row>();
  stages.forEach(({ evaluations }, place) => {
    for (const { dataset, task, metrics } of evaluations) {
      for (const [metric, value] of Object.entries(metrics)) {
        const key = JSON.stringify([dataset, task, metric]);
        const row = rows.get(key) ?? { dataset, metric, scores: [] };
        row.scores[place] = value;
        rows.set(key, row);
      }
    }
  });
  const partial = new Set(
    stages.flatMap(({ evaluations }) => evaluations)
      .flatMap(({ dataset, partial }) => partial === undefined ? [] : [dataset]),
  );
  const later = stages.slice(1).map((_, index) => index + 1);
  const table = alignColumns([
    [
      "dataset",
      "metric",
      ...stages.flatMap(({ stage }, place) =>
        place === 0 ? [`${stage} %`] : [`${stage} %`, "difference"]
      ),
    ],
    ...[...rows.values()].map(({ dataset, metric, scores }) => [
      partial.has(dataset) ? `${dataset} *` : dataset,
      metric,
      percent(scores[0]),
      ...later.flatMap((place) => [percent(scores[place]), points(scores[0], scores[place])]),
    ]),
  ], ["left", "left", "right", ...later.flatMap(() => ["right", "right"] as const)]);
  return partial.size === 0 ? table : `${table}\n${PARTIAL}`;
}

interface Row {
  readonly dataset: string;
  readonly metric: string;
  /** By the stage's place; stages without the score have none. */
  readonly scores: (number | undefined)[];
}

const nothing = "–";

function percent(score: number | undefined): string {
  return score === undefined ? nothing : (100 * score).toFixed(2);
}

function points(before: number | undefined, after: number | undefined): string {
  if (before === undefined || after === undefined) return nothing;
  return signedDigits(100 * (after - before), 2);
}

/**
 * Rows of text as lines with aligned columns, two spaces apart.
 *
 * @param sides Where each column's text stands in the column.
 */
export function alignColumns(
  rows: readonly (readonly string[])[],
  sides: readonly ("left" | "right")[],
): string {
  const widths = sides.map((_, i) => Math.max(...rows.map((row) => row[i]!.length)));
  return rows.map((row) =>
    row.map((cell, i) => sides[i] === "left" ? cell.padEnd(widths[i]!) : cell.padStart(widths[i]!))
      .join("  ").trimEnd()
  ).join("\n");
}
