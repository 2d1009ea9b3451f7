import type { PublishedScore } from "../../../core/literature.ts";
import { type Html, html } from "./html.ts";
import { percent } from "./numbers.ts";
import type { ScoreRow } from "./score_rows.ts";
import { stageTitle } from "./score_table.ts";

/**
 * The scores of this run among those that were published on the same data sets; undefined where none
 * were.
 */
export function publishedTable(
  rows: readonly ScoreRow[],
  stages: readonly string[],
  published: readonly PublishedScore[],
): Html | undefined {
  const isSame = (row: ScoreRow, other: PublishedScore) =>
    row.dataset === other.dataset && row.metric === other.metric;
  const columns = rows.filter((row) => published.some((each) => isSame(row, each)));
  if (columns.length === 0) return undefined;
  const known = published.filter((each) => columns.some((row) => isSame(row, each)));
  const sources = [...new Set(known.map(({ source }) => source))];
  const lines = Map.groupBy(
    known,
    ({ method, model, source }) => JSON.stringify([sources.indexOf(source), method, model]),
  );
  const caption = "This run among published scores, per cent";
  return html`
    <p>Others' scores are as their authors report them: of other training data, activations
    and preprocessing. Compare with care.</p>
    <div class="scroll" tabindex="0" role="region" aria-label="${caption}">
      <table class="plain published">
        <caption>${caption}</caption>
        <thead>
          <tr><th scope="col">Model</th>${columns.map((row) =>
            html`<th scope="col" class="number">${row.dataset}<span class="metric">${row.metric}${
              row.of !== undefined && ", not all items"
            }</span></th>`
          )}</tr>
        </thead>
        <tbody>${stages.map((stage, index) =>
          html`<tr class="own"><th scope="row">This run, ${stageTitle(stage).toLowerCase()}</th>${
            columns.map((row) => html`<td class="number">${percent(row.scores[index]?.value)}</td>`)
          }</tr>`
        )}${[...lines.values()].map((scores) => {
          const { method, model, source } = scores[0]!;
          return html`<tr><th scope="row">${method}, ${model} <sup>${
            sources.indexOf(source) + 1
          }</sup></th>${
            columns.map((row) =>
              html`<td class="number">${
                percent(scores.find((each) => isSame(row, each))?.score)
              }</td>`
            )
          }</tr>`;
        })}</tbody>
      </table>
    </div>
    <ol class="sources">${sources.map((source) => html`<li>${source}</li>`)}</ol>
  `;
}
