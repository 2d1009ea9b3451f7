import type { Evaluation } from "../evaluator.ts";

/**
 * A table for people of what training changed: one row for each metric of each data set, scores in
 * percent, the difference in percentage points. A score that only one side has leaves a dash on
 * the other.
 *
 * @example
 * ```ts
 * import { comparisonTable } from "@syntagma/syntagma/evaluation";
 *
 * const scored = { dataset: "scenes/swap_att", task: "image_caption_selection", items: 200 };
 * console.log(comparisonTable(
 *   [{ ...scored, metrics: { acc: 0.5 }, headline: "acc" }],
 *   [{ ...scored, metrics: { acc: 0.625 }, headline: "acc" }],
 * ));
 * // dataset          metric  before %  after %  difference
 * // scenes/swap_att  acc        50.00    62.50      +12.50
 * ```
 */
export function comparisonTable(
  before: readonly Evaluation[],
  after: readonly Evaluation[],
): string {
  const rows = new Map<string, Row>();
  const collect = (evaluations: readonly Evaluation[], side: "before" | "after") => {
    for (const { dataset, task, metrics } of evaluations) {
      for (const [metric, value] of Object.entries(metrics)) {
        const key = JSON.stringify([dataset, task, metric]);
        rows.set(key, { dataset, metric, ...rows.get(key), [side]: value });
      }
    }
  };
  collect(before, "before");
  collect(after, "after");
  return alignColumns([
    ["dataset", "metric", "before %", "after %", "difference"],
    ...[...rows.values()].map((row) => [
      row.dataset,
      row.metric,
      percent(row.before),
      percent(row.after),
      points(row),
    ]),
  ], ["left", "left", "right", "right", "right"]);
}

interface Row {
  readonly dataset: string;
  readonly metric: string;
  readonly before?: number;
  readonly after?: number;
}

const nothing = "–";

function percent(score: number | undefined): string {
  return score === undefined ? nothing : (100 * score).toFixed(2);
}

function points({ before, after }: Row): string {
  if (before === undefined || after === undefined) return nothing;
  const difference = (100 * (after - before)).toFixed(2);
  if (Number(difference) === 0) return "0.00";
  return difference.startsWith("-") ? difference : `+${difference}`;
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
