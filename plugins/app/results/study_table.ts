import type { Evaluation } from "../../../core/evaluator.ts";
import { fixedDigits } from "../../../core/fixed_digits.ts";

/** Scores of one arm of a study, before and after, with one seed. */
export interface StudyScores {
  /** Names the column: the arm, and the stage where it has several. */
  readonly arm: string;
  /** Scores before training. */
  readonly before: readonly Evaluation[];
  /** Scores of this arm. */
  readonly after: readonly Evaluation[];
}

/**
 * A study as a Markdown table: one row for each data set's headline metric, the score before
 * training in percent, and for each arm how many percentage points it gains: the mean over the
 * seeds ± their sample standard deviation (nothing after ± with a single seed).
 *
 * @example
 * ```ts
 * import { studyTable } from "./study_table.ts";
 *
 * const scored = (acc: number) => [{
 *   dataset: "quiz", task: "image_caption_selection", items: 9, headline: "acc", metrics: { acc },
 * }];
 * const table = studyTable([
 *   { arm: "clic", before: scored(0.5), after: scored(0.6) },
 *   { arm: "clic", before: scored(0.5), after: scored(0.62) },
 * ]);
 * console.assert(table.split("\n")[2] === "| quiz | acc | 50.0 | +11.0 ± 1.4 |");
 * ```
 */
export function studyTable(scores: readonly StudyScores[]): string {
  const arms = [...new Set(scores.map(({ arm }) => arm))];
  const rows = new Map<string, { before: number; gains: Map<string, number[]> }>();
  for (const { arm, before, after } of scores) {
    for (const { dataset, headline, metrics } of after) {
      const start = before.find((each) => each.dataset === dataset)?.metrics[headline];
      const score = metrics[headline];
      if (start === undefined || score === undefined) continue;
      const key = `| ${dataset} | ${headline}`;
      const row = rows.get(key) ?? { before: start, gains: new Map<string, number[]>() };
      row.gains.set(arm, [...row.gains.get(arm) ?? [], 100 * (score - start)]);
      rows.set(key, row);
    }
  }
  return [
    `| data set | metric | before | ${arms.join(" | ")} |`,
    `| --- | --- | ---: |${" ---: |".repeat(arms.length)}`,
    ...[...rows].map(([key, { before, gains }]) =>
      `${key} | ${(100 * before).toFixed(1)} | ${
        arms.map((arm) => meanAndDeviation(gains.get(arm) ?? [])).join(" | ")
      } |`
    ),
  ].join("\n");
}

function meanAndDeviation(gains: readonly number[]): string {
  if (gains.length === 0) return "–";
  const mean = gains.reduce((a, b) => a + b) / gains.length;
  const text = fixedDigits(mean, 1);
  const shown = text.startsWith("-") ? text : `+${text}`;
  if (gains.length === 1) return shown;
  const squares = gains.reduce((total, gain) => total + (gain - mean) ** 2, 0);
  return `${shown} ± ${Math.sqrt(squares / (gains.length - 1)).toFixed(1)}`;
}
