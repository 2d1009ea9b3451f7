import { type Html, html } from "./html.ts";
import { count, percent, points, pointsRange } from "./numbers.ts";
import { type Change, directionOf, type ScoreRow } from "./score_rows.ts";
import { stageInWords } from "./score_table.ts";

/**
 * How many scores rose and fell from the first stage to the last, as a sentence; undefined where
 * nothing can be compared. Averages do not count beside what they average, nor a retrieval's recall at
 * 5 beside that at 1.
 *
 * @param what What the rows tell of: `"composition"`.
 */
export function tally(what: string, rows: readonly ScoreRow[]): Html | undefined {
  const changes = lastChanges(
    rows.filter(({ parts, headline }) => parts === 0 && headline === true),
  );
  if (changes.length === 0) return undefined;
  const directions = changes.map(directionOf);
  const [gains, losses] = (["gain", "loss"] as const).map((direction) =>
    directions.filter((each) => each === direction).length
  );
  const unknown = changes.filter(({ interval }) => interval === undefined).length;
  const beyond = unknown === 0
    ? " by more than chance explains"
    : unknown < changes.length
    ? ` (for ${count(unknown)} of them no item scores tell what chance explains)`
    : "";
  return html`Of ${count(changes.length)} ${scoresOf(changes.length, what)}, ${
    verb(gains!, "rose", "gain")
  } and ${verb(losses!, "fell", "loss")}${beyond}.`;
}

function verb(number: number, did: string, direction: string): Html {
  return html`<strong class="${number > 0 && direction}">${
    number === 0 ? "none" : count(number)
  } ${did}</strong>`;
}

function scoresOf(number: number, what: string): string {
  return `${number === 1 ? "score" : "scores"} of ${what}`;
}

function lastChanges(rows: readonly ScoreRow[]): Change[] {
  return rows.flatMap(({ changes }) => changes.at(-1) ?? []);
}

/** What became of each score of what the model knew before, one sentence a score. */
export function forgetting(rows: readonly ScoreRow[], stages: readonly string[]): Html {
  return html`<ul class="plain">${
    rows.map((row) => {
      const sentences = row.changes.flatMap((change, index) =>
        change === undefined ? [] : [sentenceOf(row, change, index + 1)]
      );
      return sentences.length > 0 &&
        html`<li>${row.dataset}, ${metricName(row)}: ${sentences}</li>`;
    })
  }</ul>`;

  function sentenceOf(row: ScoreRow, change: Change, stage: number): Html {
    const last = stage === stages.length - 1;
    const when = stages.length > 2 ? `${stageInWords(stages[stage]!)} ` : "";
    const did = { gain: "gained", loss: "lost", even: "kept" }[directionOf(change)];
    const size = points(Math.abs(change.difference)).replace("+", "");
    const before = percent(row.scores[0]?.value);
    const after = percent(row.scores[stage]?.value);
    const chance = change.interval && ` (95\u00a0% interval ${pointsRange(change.interval)})`;
    const text = directionOf(change) === "even"
      ? html`${before} → ${after}, <strong>${did}</strong>${
        change.difference !== 0 && `: ${points(change.difference)} points are within chance`
      }`
      : html`${before} → ${after}, <strong class="${
        directionOf(change)
      }">${did} ${size} points</strong>`;
    return html`${when}${text}${chance}${last ? "." : "; "}`;
  }
}

/** CLIP_benchmark's names in words. */
function metricName({ metric, task }: ScoreRow): string {
  const recall = /^(image|text)_retrieval_recall@(\d+)$/.exec(metric);
  if (recall !== null) return `${recall[1]} retrieval, recall at ${recall[2]}`;
  const name = metric.replace(/^lp_/, "");
  const words = { acc1: "accuracy", acc5: "accuracy among the first five" }[name] ??
    name.replaceAll("_", " ");
  return task === "linear_probe"
    ? `${words} of a linear probe`
    : task === "zeroshot_classification"
    ? `zero-shot ${words}`
    : words;
}
