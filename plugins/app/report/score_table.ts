import { summaryTitle } from "../results/summary_rows.ts";
import { breakable } from "./breakable.ts";
import { type Html, html } from "./html.ts";
import { count, percent, percentRange, points, pointsRange } from "./numbers.ts";
import { type Change, directionOf, type Score, type ScoreRow } from "./score_rows.ts";

/** What a table of scores shows. */
export interface ScoreTable {
  /** What the table is about, for its caption. */
  readonly caption: string;
  /** The names of the stages, in order. */
  readonly stages: readonly string[];
  /** Its rows. */
  readonly rows: readonly ScoreRow[];
}

/**
 * Scores at every stage; the change from the first to the last as a number and as a mark on a scale
 * that all rows share, whose dot is the change and whose line what chance leaves open; and where the
 * scores lie between nothing and all, with chance and what a bag of words can reach.
 */
export function scoreTable({ caption, stages, rows }: ScoreTable): Html {
  const compared = stages.length > 1;
  const reach = reachOf(rows);
  return html`
    <div class="scroll" tabindex="0" role="region" aria-label="${caption}">
      <table class="scores">
        <caption>${caption}</caption>
        <thead>
          <tr><th scope="col">Benchmark</th>${stages
            .map((
              stage,
            ) => html`<th scope="col" class="number">${stageTitle(stage)}</th>`)}${compared && html`
            <th scope="col" class="number change">Change</th>
            <td class="mark">${axis(reach)}</td>
          `}<td class="mark track">${trackAxis()}</td></tr>
        </thead>
        <tbody>${rows.map(rowMarkup)}</tbody>
      </table>
    </div>
  `;

  function rowMarkup(row: ScoreRow): Html {
    const change = row.changes.at(-1);
    const title = summaryTitle(row);
    return html`<tr>
<th scope="row">${breakable(row.dataset)} <span class="metric">${
      title !== undefined && `${title}: `
    }${breakable(row.metric)}${row.parts > 0 && ` of ${row.parts} parts`}, ${itemsOf(row)}</span>${
      boundsText(row.bounds)
    }</th>
${row.scores.map(scoreCell)}${
      compared && html`${changeCell(change)}<td class="mark">${mark(row.changes, reach)}</td>`
    }<td class="mark track">${track(row)}</td></tr>`;
  }
}

/** A stage as a column's title. */
export function stageTitle(stage: string): string {
  return stage === "before" ? "Before" : stage === "after" ? "After" : stage;
}

/** A stage within a sentence. */
export function stageInWords(stage: string): string {
  return stage === "before" || stage === "after" ? `${stage} training` : `after ${stage}`;
}

/** How many items were scored; and of how many, where it was not all. */
function itemsOf({ items, of }: ScoreRow): Html {
  return of === undefined
    ? html`<span class="count">${count(items)} ${items === 1 ? "item" : "items"}</span>`
    : html`<span class="count partial">${count(items)} of ${count(of)} items</span>`;
}

function scoreCell(score: Score | undefined): Html {
  const range = score?.interval && html`<small>${percentRange(score.interval)}</small>`;
  return html`<td class="number score">${percent(score?.value)}${range}</td>`;
}

function changeCell(change: Change | undefined): Html {
  if (change === undefined) return html`<td class="number change">–</td>`;
  const range = change.interval && html`<small>${pointsRange(change.interval)}</small>`;
  const sure = change.interval === undefined ? "" : " sure";
  return html`<td class="number change ${directionOf(change)}${sure}">${
    points(change.difference)
  }${range}</td>`;
}

/** What guessing reaches, and a bag of words at most. */
function boundsText({ chance, words }: ScoreRow["bounds"]): Html | undefined {
  if (chance === undefined && words === undefined) return undefined;
  const texts = [
    chance !== undefined && `chance ${percent(chance)}`,
    words !== undefined && `a bag of words at most ${percent(words)}`,
  ].filter((text) => text !== false);
  return html`<span class="metric">${texts.join(", ")}</span>`;
}

const TRACK = 120;

function trackPlace(share: number): string {
  return (12 + (TRACK - 24) * share).toFixed(1);
}

function trackAxis(): Html {
  return html`<svg viewBox="0 0 ${TRACK} 18" aria-hidden="true" focusable="false">${
    [0, 0.5, 1].map((share) => html`<text x="${trackPlace(share)}" y="14">${100 * share}</text>`)
  }</svg>`;
}

/** The first score as a ring, the last as a dot, chance and a bag of words as lines. */
function track({ scores, bounds: { chance, words }, changes }: ScoreRow): Html {
  const middle = HEIGHT / 2;
  const [first, last] = [scores[0], scores.at(-1)];
  const change = changes.at(-1);
  const upright = (share: number | undefined, name: string) =>
    share !== undefined &&
    html`
      <line class="${name}" x1="${trackPlace(share)}" x2="${trackPlace(
        share,
      )}" y1="2" y2="${HEIGHT - 2}" />
    `;
  return html`<svg viewBox="0 0 ${TRACK} ${HEIGHT}" aria-hidden="true" focusable="false"><line
class="end" x1="${trackPlace(0)}" x2="${trackPlace(1)}" y1="${middle}" y2="${middle}"/>${
    upright(chance, "chance")
  }${upright(words, "words")}${
    scores.length > 1 && first !== undefined &&
    html`
      <circle class="ring" cx="${trackPlace(first.value)}" cy="${middle}" r="3.5" />
    `
  }${
    last !== undefined &&
    html`
      <g class="${change === undefined ? "even" : directionOf(change)}">
        <circle cx="${trackPlace(last.value)}" cy="${middle}" r="4.5" />
      </g>
    `
  }</svg>`;
}

const WIDTH = 190;
const HEIGHT = 26;

/** Half the width of the scale, in points: the least of these that holds every change. */
function reachOf(rows: readonly ScoreRow[]): number {
  const greatest = Math.max(
    0,
    ...rows.flatMap(({ changes }) =>
      changes.flatMap((change) => {
        if (change === undefined) return [];
        const { low, high } = change.interval ??
          { low: change.difference, high: change.difference };
        return [Math.abs(low), Math.abs(high), Math.abs(change.difference)];
      })
    ),
  );
  return [0.01, 0.02, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5].find((reach) => reach >= greatest) ?? 1;
}

function place(difference: number, reach: number): string {
  return ((difference / reach + 1) / 2 * (WIDTH - 32) + 16).toFixed(1);
}

function axis(reach: number): Html {
  const label = (difference: number) =>
    html`<text x="${place(difference, reach)}" y="14">${
      points(difference).replace(/\.0$/, "")
    }</text>`;
  return html`<svg viewBox="0 0 ${WIDTH} 18" aria-hidden="true" focusable="false">${
    [-reach, 0, reach].map(label)
  }</svg>`;
}

/** The last change as a dot with its interval; those of stages before it as rings. */
function mark(changes: ScoreRow["changes"], reach: number): Html {
  const middle = HEIGHT / 2;
  const last = changes.at(-1);
  const ruler = [-reach, 0, reach].map((difference) => {
    const x = place(difference, reach);
    return html`
      <line class="${difference === 0
        ? "zero"
        : "end"}" x1="${x}" x2="${x}" y1="0" y2="${HEIGHT}" />
    `;
  });
  const rings = changes.slice(0, -1).map((change) =>
    change && html`
      <circle class="ring" cx="${place(change.difference, reach)}" cy="${middle}" r="3.5" />
    `
  );
  const dot = last && html`<g class="${directionOf(last)}">${
    last.interval && html`
      <line class="range" x1="${place(last.interval.low, reach)}" x2="${place(
        last.interval.high,
        reach,
      )}" y1="${middle}" y2="${middle}" />
    `
  }<circle cx="${place(last.difference, reach)}" cy="${middle}" r="4.5"/></g>`;
  return html`
    <svg viewBox="0 0 ${WIDTH} ${HEIGHT}" aria-hidden="true"
      focusable="false">${ruler}${rings}${dot}</svg>
  `;
}
