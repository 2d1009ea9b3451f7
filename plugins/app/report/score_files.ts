/**
 * The scores of a report as files for papers.
 *
 * @module
 */
import { compareModels, type ComparisonRow } from "../results/compare.ts";
import { formatComparison } from "../results/format_comparison.ts";
import type { StageEvaluations } from "../results/table.ts";
import { percent, points } from "./numbers.ts";
import type { ScoreRow } from "./score_rows.ts";
import { stageTitle } from "./score_table.ts";

/** All scores with their intervals and tests, a line each, as `compare` writes them. */
export function scoresCsv(
  stages: readonly StageEvaluations[],
  compared: readonly ComparisonRow[] = compareModels(stages),
): string {
  return formatComparison(compared, stages.map(({ stage }) => stage), "csv");
}

/** A table of the rows for LaTeX, with the lines of the package booktabs. */
export function scoresLatex(
  rows: readonly ScoreRow[],
  stages: readonly string[],
  caption: string,
): string {
  const compared = stages.length > 1;
  const head = [
    "Benchmark",
    "Metric",
    ...stages.map((stage) => latex(stageTitle(stage))),
    ...compared ? ["Change"] : [],
  ];
  const number = (text: string) => text === "–" ? "--" : `$${text.replaceAll("\u2212", "-")}$`;
  return [
    "% \\usepackage{booktabs}",
    "\\begin{table}",
    "  \\centering",
    `  \\caption{${latex(caption)}}`,
    `  \\begin{tabular}{ll${"r".repeat(head.length - 2)}}`,
    "    \\toprule",
    `    ${head.join(" & ")} \\\\`,
    "    \\midrule",
    ...rows.map(({ dataset, metric, scores, changes }) =>
      `    ${
        [
          latex(dataset),
          latex(metric),
          ...scores.map((score) => number(percent(score?.value))),
          ...compared ? [number(points(changes.at(-1)?.difference))] : [],
        ].join(" & ")
      } \\\\`
    ),
    "    \\bottomrule",
    "  \\end{tabular}",
    "\\end{table}",
    "",
  ].join("\n");
}

const commands: Readonly<Record<string, string>> = {
  "\\": "\\textbackslash{}",
  "~": "\\textasciitilde{}",
  "^": "\\textasciicircum{}",
};

/** Text in which nothing is a command of LaTeX. */
function latex(text: string): string {
  return text.replaceAll(/[\\{}$&#%_~^]/g, (character) => commands[character] ?? `\\${character}`)
    .replaceAll(/\s+/g, " ");
}
