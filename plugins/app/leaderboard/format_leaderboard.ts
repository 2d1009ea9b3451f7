import { signedDigits } from "../../../core/fixed_digits.ts";
import { compareModels, type ComparisonRow } from "../results/compare.ts";
import { escapeCell, formatComparison } from "../results/format_comparison.ts";
import { missingBeside, summaryRows } from "../results/summary_rows.ts";
import type { StageEvaluations } from "../results/table.ts";
import type { PublishedScore } from "./checkpoint_list.ts";
import type { ScoredCheckpoint } from "./score_checkpoint.ts";

/** A checkpoint with its scores, if it has any. */
export interface LeaderboardEntry extends ScoredCheckpoint {
  readonly evaluations: StageEvaluations["evaluations"];
}

/** A leaderboard in the forms that it is written in. */
export interface Leaderboard {
  /** For people. */
  readonly markdown: string;
  /** A record for each score. */
  readonly csv: string;
  readonly json: string;
  /** A record for each score that others have told. */
  readonly published: readonly PublishedRecord[];
}

/** A score that others have told beside the one that was found. */
export interface PublishedRecord extends PublishedScore {
  readonly id: string;
  /** What was found; `null` where it was not scored. */
  readonly found: number | null;
  /** Its interval, where the items are at hand. */
  readonly low: number | null;
  readonly high: number | null;
  /** Whether not all items were scored. */
  readonly partial: boolean;
}

/**
 * All that was found, side by side with the first checkpoint that has scores, and with what others
 * have told.
 */
export function formatLeaderboard(entries: readonly LeaderboardEntry[]): Leaderboard {
  const scored = entries.filter(({ evaluations }) => evaluations.length > 0);
  const models = scored.map(({ checkpoint, evaluations }) => ({
    stage: checkpoint.name,
    evaluations,
  }));
  const names = models.map(({ stage }) => stage);
  const rows = compareModels(models);
  const published = entries.flatMap((entry) => publishedOf(entry, rows));
  const markdown = [
    "# Leaderboard",
    formatComparison(summaryRows(rows), names, "markdown", missingBeside(rows)).trimEnd(),
    "## What others have told",
    publishedTable(published, entries),
    "## What was scored, and with what",
    settingsTable(entries),
    ...problemList(entries),
  ].join("\n\n");
  return {
    markdown: `${markdown}\n`,
    csv: formatComparison(rows, names, "csv"),
    json: formatComparison(rows, names, "json"),
    published,
  };
}

function publishedOf(
  { checkpoint: { id, name, published } }: LeaderboardEntry,
  rows: readonly ComparisonRow[],
): PublishedRecord[] {
  return published.map((told) => {
    const found = rows.find(({ dataset, metric }) =>
      dataset === told.dataset && metric === told.metric
    )?.scores.find(({ model }) => model === name);
    return {
      id,
      ...told,
      found: found?.score ?? null,
      low: found?.interval?.low ?? null,
      high: found?.interval?.high ?? null,
      partial: found?.partial !== undefined,
    };
  });
}

function publishedTable(
  records: readonly PublishedRecord[],
  entries: readonly LeaderboardEntry[],
): string {
  const found = records.filter((record) => record.found !== null);
  if (found.length === 0) return "Nothing that was scored here has been told by others.";
  const nameOf = new Map(entries.map(({ checkpoint: { id, name } }) => [id, name]));
  const lines = found.map((record) => {
    const { id, dataset, metric, score, source, note = "", low, high, partial } = record;
    const range = low === null ? "" : ` [${percent(low)}, ${percent(high!)}]`;
    const difference = record.found! - score;
    // Told to a tenth of a per cent, as most are.
    const outside = !partial && low !== null && (score < low - 5e-4 || score > high! + 5e-4);
    return [
      nameOf.get(id)!,
      dataset,
      metric,
      `${percent(score)} (${source})`,
      `${percent(record.found!)}${range}${partial ? " *" : ""}`,
      `${signedDigits(100 * difference, 2)}${outside ? " !" : ""}`,
      note,
    ];
  });
  const header = ["checkpoint", "data set", "metric", "told", "found", "difference", "known of it"];
  return `${table(header, lines)}\n\n` +
    "! what was told lies outside the interval of what was found; " +
    "* not all items were scored: the two cannot be compared.";
}

function settingsTable(entries: readonly LeaderboardEntry[]): string {
  const lines = entries.map(({ checkpoint, state, problem }) => [
    checkpoint.name,
    checkpoint.address.replace(/#.*$/, ""),
    checkpoint.sha256 ?? "–",
    checkpoint.licence,
    problem === undefined ? state.settings ?? "–" : "not scored",
    checkpoint.paper,
  ]);
  return table(["checkpoint", "weights", "SHA-256", "licence", "settings", "paper"], lines);
}

function problemList(entries: readonly LeaderboardEntry[]): string[] {
  const lines = entries.flatMap(({ checkpoint: { name }, problem, failed }) => [
    ...(problem === undefined ? [] : [`- ${name}: ${problem.replaceAll(/\s+/g, " ")}`]),
    ...(failed.length === 0 ? [] : [`- ${name}: could not be scored with ${failed.join(", ")}`]),
  ]);
  return lines.length === 0 ? [] : ["## What is missing", lines.join("\n")];
}

function table(header: readonly string[], lines: readonly (readonly string[])[]): string {
  return [header, header.map(() => "---"), ...lines]
    .map((cells) => `| ${cells.map(escapeCell).join(" | ")} |`).join("\n");
}

function percent(share: number): string {
  return (100 * share).toFixed(2);
}
