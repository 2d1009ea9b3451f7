/**
 * The sections of the report; each is undefined where the run has nothing for it.
 *
 * @module
 */
import { tradeOff } from "../../patching/commands/trade_off_plot.ts";
import { curves } from "./curves.ts";
import { settings } from "./facts.ts";
import { forgetting } from "./findings.ts";
import { type Html, html } from "./html.ts";
import { itemBrowser } from "./item_browser.ts";
import type { ItemChoice } from "./items.ts";
import { oneDecimal, significant } from "./numbers.ts";
import type { PageSection } from "./page.ts";
import type { RunRecord } from "./read_run.ts";
import type { ScoreRow } from "./score_rows.ts";
import { lossSeries, scoreSeries } from "./series.ts";
import { scoreTable, stageInWords } from "./score_table.ts";
import { tradeOffCurve } from "./trade_off_curve.ts";

type MaybeSection = PageSection | undefined;

/** Scores of composition. */
export function compositionSection(
  rows: readonly ScoreRow[],
  stages: readonly string[],
): MaybeSection {
  if (rows.length === 0) return undefined;
  const caption = "Composition, per cent of items";
  return {
    id: "composition",
    title: "Composition",
    body: html`${legend(rows, stages)}${scoreTable({ caption, stages, rows })}`,
  };
}

/** What became of retrieval and classification. */
export function forgettingSection(
  rows: readonly ScoreRow[],
  stages: readonly string[],
): MaybeSection {
  if (rows.length === 0) return undefined;
  const caption = "Retrieval and classification, per cent";
  return {
    id: "forgetting",
    title: "Forgetting",
    body: html`${stages.length > 1 && forgetting(rows, stages)}${
      scoreTable({ caption, stages, rows })
    }`,
  };
}

/** Every metric, where there are more than the headlines. */
export function metricsSection(
  rows: readonly ScoreRow[],
  stages: readonly string[],
): MaybeSection {
  if (rows.every(({ headline }) => headline)) return undefined;
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
export async function patchingSection({ sweep }: RunRecord): Promise<MaybeSection> {
  const points = tradeOff(sweep).tradeOff;
  return points.length < 2
    ? undefined
    : { id: "patching", title: "Patching", body: await tradeOffCurve(points) };
}

/** Losses and the learning rate over the steps, and scores where they were taken between. */
export async function trainingSection(run: RunRecord): Promise<MaybeSection> {
  const { steps, stages, during, manifest } = run;
  if (steps.length === 0) return undefined;
  const total = typeof manifest.steps === "number" ? manifest.steps : steps.at(-1)!.step;
  const scores = scoreSeries(stages, during, total);
  return {
    id: "training",
    title: "Training",
    body:
      html`<p>Each curve with its first and last value. Where steps were joined, the line is their
mean and the band their range.</p>
${await curves(lossSeries(steps), total, significant)}
${
        scores.length > 0 &&
        html`<h3>Scores on the way, per cent</h3>${await curves(scores, total, oneDecimal, 100)}`
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

function legend(rows: readonly ScoreRow[], stages: readonly string[]): Html | undefined {
  if (stages.length < 2) return undefined;
  const [first, ...others] = stages.map(stageInWords);
  const last = others.pop();
  const hasIntervals = rows.some(({ changes }) => changes.at(-1)?.interval !== undefined);
  return html`<p>Changes are from ${first!} to ${last!}, in percentage points.${
    hasIntervals &&
    " Ranges are 95\u00a0% bootstrap intervals over items; a change whose range holds zero is neither bold nor coloured."
  }${others.length > 0 && ` A ring is the change ${others.join(" or ")}.`}</p>`;
}
