import type { Evaluation } from "../../../core/evaluator.ts";
import type { JsonObject } from "../../../core/component.ts";
import type { SweepPoint } from "./sweep.ts";

/**
 * A sweep for people, in Markdown: one row for each α, one column for each data set with the metric
 * that stands for it, in percent.
 *
 * @example
 * ```ts
 * import { sweepMarkdown } from "./sweep_tables.ts";
 *
 * const scored = { dataset: "swap_att", task: "selection", headline: "acc", items: 8 };
 * const table = sweepMarkdown([
 *   { alpha: 0, evaluations: [{ ...scored, metrics: { acc: 0.5 } }] },
 *   { alpha: 1, evaluations: [{ ...scored, metrics: { acc: 0.625 } }] },
 * ]);
 * console.assert(table.split("\n")[3] === "| 1 |        62.50 |");
 * ```
 */
export function sweepMarkdown(points: readonly SweepPoint[]): string {
  const columns = columnsOf(points).filter(({ metric, headline }) => metric === headline);
  const header = ["α", ...columns.map(({ dataset, metric }) => `${dataset} ${metric}`)];
  const rows = points.map(({ alpha, evaluations }) => [
    String(alpha),
    ...columns.map((column) => percent(scoreOf(evaluations, column))),
  ]);
  const widths = header.map((_, i) => Math.max(...[header, ...rows].map((row) => row[i]!.length)));
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell, i) => cell.padStart(widths[i]!)).join(" | ")} |`;
  const rule = `| ${widths.map((width) => `${"-".repeat(width - 1)}:`).join(" | ")} |`;
  return [line(header), rule, ...rows.map(line)].join("\n");
}

/** A sweep as CSV (RFC 4180): α, then every metric of every data set, in [0, 1]. */
export function sweepCsv(points: readonly SweepPoint[]): string {
  const columns = columnsOf(points);
  const rows = points.map(({ alpha, evaluations }) => [
    String(alpha),
    ...columns.map((column) => String(scoreOf(evaluations, column) ?? "")),
  ]);
  const header = ["alpha", ...columns.map(({ dataset, metric }) => `${dataset} ${metric}`)];
  return [header, ...rows].map((row) => `${row.map(quote).join(",")}\r\n`).join("");
}

/** A sweep as JSON: `{ points: [{ alpha, evaluations }] }`. */
export function sweepJson(points: readonly SweepPoint[]): JsonObject {
  return JSON.parse(JSON.stringify({ points }));
}

interface Column {
  readonly dataset: string;
  readonly task: string;
  readonly metric: string;
  readonly headline: string;
}

function columnsOf(points: readonly SweepPoint[]): Column[] {
  const columns = new Map<string, Column>();
  for (const { dataset, task, metrics, headline } of points.flatMap((each) => each.evaluations)) {
    for (const metric of Object.keys(metrics)) {
      columns.set(JSON.stringify([dataset, task, metric]), { dataset, task, metric, headline });
    }
  }
  return [...columns.values()];
}

function scoreOf(evaluations: readonly Evaluation[], column: Column): number | undefined {
  const { dataset, task, metric } = column;
  return evaluations.find((each) => each.dataset === dataset && each.task === task)
    ?.metrics[metric];
}

function percent(score: number | undefined): string {
  return score === undefined ? "–" : (100 * score).toFixed(2);
}

function quote(cell: string): string {
  return /[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}
