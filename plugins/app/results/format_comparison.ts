import { signedDigits } from "../../../core/fixed_digits.ts";
import type { ComparedScore, ComparisonRow } from "./compare.ts";

/** What the numbers are, below a table for people. */
const LEGEND =
  "Scores in percent with 95 % bootstrap intervals (2,000 draws of the items); differences to the " +
  "first model in percentage points, intervals paired by item; p: sign-flip test paired by item, " +
  "two-sided (for shares of items McNemar's exact test, for means over groups 100,000 flips). " +
  "Chance: scores drawn at random; word bag: a scorer that knows words and not their order, right " +
  "about all else. * not all items of the benchmark were scored, (n of m) how many.";

/**
 * A comparison as text: a Markdown table for people, or one record for each score, as CSV or JSON,
 * with the numbers as they are.
 *
 * @param models The models' names, in order.
 * @param notes Lines for people below the table.
 */
export function formatComparison(
  rows: readonly ComparisonRow[],
  models: readonly string[],
  format: "markdown" | "csv" | "json",
  notes: readonly string[] = [],
): string {
  if (format === "markdown") {
    return markdown(rows, models) + notes.map((note) => `\n${note}\n`).join("");
  }
  const records = rows.flatMap(recordsOf);
  return format === "json" ? `${JSON.stringify(records, null, 2)}\n` : csv(records);
}

/** Columns of what scores are to be compared with, where it is known of any row. */
const STANDARDS = [["chance", "chance"], ["word bag", "wordBag"]] as const;

function markdown(rows: readonly ComparisonRow[], models: readonly string[]): string {
  const standards = STANDARDS.filter(([, name]) => rows.some((row) => row[name] !== undefined));
  const header = [
    "dataset",
    "metric",
    ...standards.map(([title]) => title),
    ...models.flatMap((model, i) => i === 0 ? [model] : [model, "difference", "p"]),
  ];
  const lines = [
    header.map(escapeCell),
    header.map((_, i) => i < 2 ? "---" : "---:"),
    ...rows.map((row) => [
      escapeCell(row.dataset),
      row.headline ? `**${escapeCell(row.metric)}**` : escapeCell(row.metric),
      ...standards.map(([, name]) => row[name] === undefined ? "–" : percent(row[name])),
      ...models.flatMap((model, i) => {
        const found = row.scores.find((score) => score.model === model);
        const cell = found === undefined ? "–" : scoreCell(found);
        return i === 0 ? [cell] : [cell, differenceCell(found), pCell(found)];
      }),
    ]),
  ];
  return `${lines.map((cells) => `| ${cells.join(" | ")} |`).join("\n")}\n\n${LEGEND}\n`;
}

function scoreCell({ score, interval, items, partial }: ComparedScore): string {
  const range = interval === undefined
    ? ""
    : ` [${percent(interval.low)}, ${percent(interval.high)}]`;
  const part = partial === undefined ? "" : ` * (${items} of ${partial.of})`;
  return `${percent(score)}${range}${part}`;
}

function differenceCell(score: ComparedScore | undefined): string {
  if (score?.difference === undefined) return "–";
  const { difference, differenceInterval: range } = score;
  return points(difference) +
    (range === undefined ? "" : ` [${points(range.low)}, ${points(range.high)}]`);
}

function pCell(score: ComparedScore | undefined): string {
  if (score?.p === undefined) return "–";
  return score.p < 0.001 ? "< 0.001" : score.p.toFixed(3);
}

function percent(score: number): string {
  return (100 * score).toFixed(2);
}

function points(difference: number): string {
  return signedDigits(100 * difference, 2);
}

/** Text as a cell of a Markdown table. */
export function escapeCell(text: string): string {
  return text.replaceAll("|", "\\|").replaceAll(/\s+/g, " ");
}

type ComparisonRecord = Readonly<Record<string, string | number | boolean | null>>;

function recordsOf(row: ComparisonRow): ComparisonRecord[] {
  const { dataset, task, metric, headline, chance, wordBag, scores } = row;
  return scores.map((score) => ({
    dataset,
    task,
    metric,
    headline,
    model: score.model,
    items: score.items ?? null,
    partial: score.partial !== undefined,
    score: score.score,
    low: score.interval?.low ?? null,
    high: score.interval?.high ?? null,
    difference: score.difference ?? null,
    difference_low: score.differenceInterval?.low ?? null,
    difference_high: score.differenceInterval?.high ?? null,
    p: score.p ?? null,
    of: score.partial?.of ?? score.items ?? null,
    chance: chance ?? null,
    word_bag: wordBag ?? null,
  }));
}

function csv(records: readonly ComparisonRecord[]): string {
  const names = [
    ...["dataset", "task", "metric", "headline", "model", "items", "partial", "score", "low"],
    ...["high", "difference", "difference_low", "difference_high", "p", "of", "chance", "word_bag"],
  ];
  const cell = (value: string | number | boolean | null | undefined) => {
    const text = String(value ?? "");
    return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  };
  return [
    names.join(","),
    ...records.map((record) => names.map((name) => cell(record[name])).join(",")),
  ].map((line) => `${line}\r\n`).join("");
}
