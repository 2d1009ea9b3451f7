/**
 * The sections of the report; each is undefined where the run has nothing for it.
 *
 * @module
 */
import type { Literature } from "../../../core/literature.ts";
import { tradeOff } from "../../patching/commands/trade_off_plot.ts";
import { citations, papersOf } from "./cite.ts";
import { curves } from "./curves.ts";
import { download, fileName } from "./download.ts";
import { examples } from "./examples.ts";
import { settings } from "./facts.ts";
import { forgetting } from "./findings.ts";
import { type Html, html } from "./html.ts";
import { itemBrowser } from "./item_browser.ts";
import type { ItemChoice } from "./items.ts";
import { oneDecimal, significant } from "./numbers.ts";
import type { PageSection } from "./page.ts";
import { publishedList } from "./published.ts";
import type { RunRecord } from "./read_run.ts";
import { scoresCsv, scoresLatex } from "./score_files.ts";
import type { ScoreRow } from "./score_rows.ts";
import { lossSeries, scoreSeries } from "./series.ts";
import { scoreTable, stageInWords } from "./score_table.ts";
import { tradeOffCurve } from "./trade_off_curve.ts";
import { useModel } from "./use_model.ts";
import type { ComparisonRow } from "../results/compare.ts";
import { missingBeside } from "../results/summary_rows.ts";

type MaybeSection = PageSection | undefined;

/** Scores of composition. */
export function compositionSection(
  rows: readonly ScoreRow[],
  run: RunRecord,
  { dataSets = {} }: Literature,
): MaybeSection {
  if (rows.length === 0) return undefined;
  const stages = stageNames(run);
  const caption = "Composition, per cent of items";
  return {
    id: "composition",
    title: "Composition",
    body: html`${legend(rows, stages)}${scoreTable({ caption, stages, rows })}${
      missingBeside(rows).map((line) => html`<p class="beside">${line}</p>`)
    }${examples(rows, run.stages, dataSets)}`,
  };
}

/** What became of retrieval and classification. */
export function forgettingSection(
  rows: readonly ScoreRow[],
  run: RunRecord,
  { dataSets = {} }: Literature,
): MaybeSection {
  if (rows.length === 0) return undefined;
  const stages = stageNames(run);
  const caption = "Retrieval and classification, per cent";
  return {
    id: "forgetting",
    title: "Forgetting",
    body: html`${
      stages.length > 1 && forgetting(rows.filter(({ headline }) => headline === true), stages)
    }${scoreTable({ caption, stages, rows })}${examples(rows, run.stages, dataSets)}`,
  };
}

/** What others have published on the same data sets. */
export function publishedSection(
  rows: readonly ScoreRow[],
  run: RunRecord,
  { published = [], citations: known = {} }: Literature,
): MaybeSection {
  const papers = papersOf(run.manifest.recipe, known);
  const body = publishedList(rows, stageNames(run), published, papers);
  return body === undefined ? undefined : { id: "published", title: "Published scores", body };
}

/** The names of the stages that were scored. */
export function stageNames({ stages }: RunRecord): string[] {
  return stages.map(({ stage }) => stage);
}

/** Every metric, where there are more than the headlines. */
export function metricsSection(
  rows: readonly ScoreRow[],
  stages: readonly string[],
): MaybeSection {
  if (rows.every(({ headline }) => headline !== false)) return undefined;
  const caption = "All metrics, per cent";
  return {
    id: "metrics",
    title: "Every metric",
    body: html`<details><summary>Show ${rows.length} rows</summary>${
      scoreTable({ caption, stages, rows })
    }</details>`,
  };
}

/** What patching trades. */
export function patchingSection({ sweep }: RunRecord, css: string): MaybeSection {
  const points = tradeOff(sweep).tradeOff;
  return points.length < 2
    ? undefined
    : { id: "patching", title: "Patching", body: tradeOffCurve(points, css) };
}

/** Losses and the learning rate over the steps, and scores where they were taken between. */
export function trainingSection(run: RunRecord, css: string): MaybeSection {
  const { steps, stages, during, manifest } = run;
  if (steps.length === 0) return undefined;
  const total = typeof manifest.steps === "number" ? manifest.steps : steps.at(-1)!.step;
  const scores = scoreSeries(stages, during, total);
  const losses = lossSeries(steps);
  const smooth = Math.max(...losses.map(({ smooth }) => smooth));
  return {
    id: "training",
    title: "Training",
    body: html`<p>Each curve with its first and last value.${
      smooth > 1 &&
      ` The strong line is the mean over ${smooth} steps of an objective, the pale one each step.`
    } Where steps were joined, the ${
      smooth > 1 ? "pale line" : "line"
    } is their mean and the band their range.</p>
${curves(losses, { total, format: significant, css })}
${
      scores.length > 0 &&
      html`<h3>Scores on the way, per cent</h3>${
        curves(scores, { total, format: oneDecimal, most: 100, css })
      }`
    }`,
  };
}

/** How to use the model, cite what it is of, and take the numbers along. */
export function passingOnSection(
  rows: readonly ScoreRow[],
  run: RunRecord,
  { citations: known = {} }: Literature,
  { compared, folder, modelFiles }: {
    readonly compared: readonly ComparisonRow[];
    readonly folder: string;
    readonly modelFiles: readonly string[];
  },
): MaybeSection {
  const { recipe } = run.manifest;
  const name = typeof recipe === "object" && recipe !== null && "name" in recipe
    ? String(recipe.name)
    : "run";
  const use = useModel(folder, recipe, modelFiles);
  const cited = citations(recipe, known);
  const shown = rows.filter(({ headline }) => headline !== false);
  const files = shown.length > 0 && html`
    <h3>Take the scores along</h3>
    <p>${download(
      "CSV",
      fileName(`${name}.csv`),
      "text/csv",
      scoresCsv(run.stages, compared),
    )}, all metrics with intervals and tests; ${download(
      "LaTeX",
      fileName(`${name}.tex`),
      "application/x-tex",
      scoresLatex(shown, stageNames(run), `Scores of ${name}, in per cent`),
    )}, the scores above as a table. Each curve has its SVG beside it.</p>
  `;
  if (use === undefined && cited === undefined && !files) return undefined;
  return {
    id: "passing-on",
    title: "Use, cite, take along",
    body: html`${use !== undefined && html`<h3>Use this model</h3>${use}`}${files}${
      cited !== undefined && html`<h3>Cite</h3>${cited}`
    }`,
  };
}

/** Single items. */
export function itemsSection(
  choice: ItemChoice,
  stages: readonly string[],
  pictures: ReadonlyMap<string, string>,
): MaybeSection {
  return choice.items.length === 0
    ? undefined
    : { id: "items", title: "Single items", body: itemBrowser(choice, stages, pictures) };
}

/** All that is known of how the run was made. */
export function settingsSection(run: RunRecord): PageSection {
  return { id: "settings", title: "What was run", body: settings(run) };
}

function legend(rows: readonly ScoreRow[], stages: readonly string[]): Html {
  const sentences: string[] = [];
  if (stages.length > 1) {
    const [first, ...others] = stages.map(stageInWords);
    const last = others.pop();
    sentences.push(`Changes are from ${first!} to ${last!}, in percentage points.`);
    if (rows.some(({ changes }) => changes.at(-1)?.interval !== undefined)) {
      sentences.push(
        "Ranges are 95\u00a0% bootstrap intervals over items; a change whose range holds zero is " +
          "neither bold nor coloured.",
      );
    }
    if (others.length > 0) {
      sentences.push(`Among the changes a ring is the change ${others.join(" or ")}.`);
    }
  }
  sentences.push(
    `On the scale from 0 to 100 ${
      stages.length > 1
        ? "the ring is the score before and the dot the score now"
        : "stands the score"
    }; the dotted line is chance.`,
  );
  if (rows.some(({ bounds }) => bounds.words !== undefined)) {
    sentences.push(
      "The dashed line is the most that a bag of words reaches, which sees the words of a text and " +
        "not their order: where caption and negative have the same words it can only guess.",
    );
  }
  return html`<p>${sentences.join(" ")}</p>`;
}
