import type { PublishedScore } from "../../../core/literature.ts";
import { breakable } from "./breakable.ts";
import { type Html, html, type HtmlValue } from "./html.ts";
import { percent } from "./numbers.ts";
import type { ScoreRow } from "./score_rows.ts";
import { stageTitle } from "./score_table.ts";

/**
 * The scores of this run beside those that were published on the same data sets: for each of these a
 * line for each model, first the run's own method and what it began with, then others from the
 * greatest; undefined where nothing was published.
 *
 * @param papers The numbers in arXiv of what the run itself is of.
 */
export function publishedList(
  rows: readonly ScoreRow[],
  stages: readonly string[],
  published: readonly PublishedScore[],
  papers: ReadonlySet<string>,
): Html | undefined {
  const known = rows.flatMap((row) => {
    const found = withoutRepeats(
      published.filter(({ dataset, metric }) => row.dataset === dataset && row.metric === metric),
    );
    return found.length === 0 ? [] : [{ row, found }];
  });
  if (known.length === 0) return undefined;
  const sources = [...new Set(known.flatMap(({ found }) => found.map(({ source }) => source)))];
  const isOwn = ({ paper }: PublishedScore) => paper !== undefined && papers.has(paper);
  const hasOwn = known.some(({ found }) => found.some(isOwn));
  return html`
    <p>Per cent. Others' scores are as their authors report them: of other training data,
    activations and preprocessing. Compare with care.${hasOwn &&
      " Bold is this run's own method, and the model that it began with."}</p>
    <dl class="facts published">${known.map(({ row, found }) =>
      html`
        <div>
          <dt>${breakable(row.dataset)} <span class="metric">${breakable(
            row.metric,
          )}${row.of !== undefined && ", not all items"}</span></dt>
          <dd><p class="own">This run: ${joined(stages.flatMap((stage, index) => {
            const score = row.scores[index];
            return score === undefined
              ? []
              : [html`${stageTitle(stage).toLowerCase()} <b>${percent(score.value)}</b>`];
          }))}</p>${[...Map.groupBy(found, ({ model }) => model)].toSorted().map((
            [model, scores],
          ) =>
            html`<p><span class="model">${model}</span> ${
              joined([...scores.filter(isOwn), ...scores.filter((each) => !isOwn(each))]
                .map(scoreMarkup))
            }</p>`
          )}</dd>
        </div>
      `
    )}</dl>
    <ol class="sources">${sources.map((source) => html`<li>${source}</li>`)}</ol>
  `;

  function scoreMarkup(score: PublishedScore): Html {
    const text = html`${score.method}\u00a0${percent(score.score)}<sup>${
      sources.indexOf(score.source) + 1
    }</sup>`;
    return isOwn(score) ? html`<strong>${text}</strong>` : text;
  }
}

function joined(parts: readonly Html[]): HtmlValue[] {
  return parts.map((part, index) => html`${index > 0 && " · "}${part}`);
}

/** The greatest first; what several places tell of the same model stands under a paper, if it is in one. */
function withoutRepeats(all: readonly PublishedScore[]): readonly PublishedScore[] {
  const isPaper = ({ source }: PublishedScore) => /arXiv/.test(source);
  const byModel = Map.groupBy(
    [...all.filter(isPaper), ...all.filter((each) => !isPaper(each))],
    ({ method, model, score }) => JSON.stringify([method, model, percent(score)]),
  );
  return [...byModel.values()].map(([first]) => first!).toSorted((a, b) => b.score - a.score);
}
