import type { Evaluation } from "../../../core/evaluator.ts";
import type { StageEvaluations } from "../results/table.ts";
import { breakable } from "./breakable.ts";
import { type Html, html } from "./html.ts";
import { readItem } from "./item_scores.ts";
import type { ScoreRow } from "./score_rows.ts";

/**
 * What each data set asks, in a sentence, with its first item as an example; undefined where neither
 * is known of any.
 *
 * @param sentences By the names of data sets.
 */
export function examples(
  rows: readonly ScoreRow[],
  stages: readonly StageEvaluations[],
  sentences: Readonly<Record<string, string>>,
): Html | undefined {
  const evaluations = stages.flatMap(({ evaluations }) => evaluations);
  const names = [...new Set(rows.map(({ dataset }) => dataset))];
  const told = names.flatMap((name) => {
    const sentence = Object.hasOwn(sentences, name) ? sentences[name] : undefined;
    const example = exampleOf(
      evaluations.find((each) => each.dataset === name && each.itemScores !== undefined),
    );
    return sentence === undefined && example === undefined ? [] : [
      html`
        <div>
          <dt>${breakable(name)}</dt>
          <dd>${sentence}${example}</dd>
        </div>
      `,
    ];
  });
  return told.length === 0 ? undefined : html`
    <details class="examples">
      <summary>What each of them asks, with an example</summary>
      <dl class="facts">${told}</dl>
    </details>
  `;
}

/** The texts of the first item that says which of its texts are true. */
function exampleOf(evaluation: Evaluation | undefined): Html | undefined {
  const item = evaluation?.itemScores?.find(({ texts = [] }) => texts.length > 0);
  if (item === undefined) return undefined;
  const { texts, rows } = readItem(item);
  const told = [...texts, ...rows].filter(({ truth }) => truth !== null);
  return told.length === 0
    ? undefined
    : html`<ul class="texts">${
      told.map(({ text, truth }) =>
        html`<li class="told"><span class="truth ${truth ? "true" : "false"}">${
          truth ? "true" : "false"
        }</span> ${text}</li>`
      )
    }</ul>`;
}
