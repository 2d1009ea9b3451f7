import { isAbsolute } from "node:path";
import type { PluginSet } from "../../../core/join_plugins.ts";
import { assetsFromEnvironment } from "../../../core/host/assets/environment.ts";
import { html } from "../report/html.ts";
import { itemBrowser } from "../report/item_browser.ts";
import { chooseItems, picturesByNeed } from "../report/items.ts";
import { count } from "../report/numbers.ts";
import { page, type PageSection, pageStyle } from "../report/page.ts";
import { scoreRows } from "../report/score_rows.ts";
import { scoreTable } from "../report/score_table.ts";
import { findThumbnails } from "../report/thumbnails.ts";
import { compareModels } from "../results/compare.ts";
import type { StageEvaluations } from "../results/table.ts";
import { reportAddress } from "./report_address.ts";
import { readStage } from "./read_scores.ts";
import type { ViewRow } from "./view_row.ts";

/** A model that was scored. */
export interface ViewModel {
  /** The row that it is of. */
  readonly row: ViewRow;
  /** Which of its models. */
  readonly stage: string;
}

/** How two models are shown. */
export interface CompareOptions {
  /** The folder that is looked at, as `Deno.realPath` gives it. */
  readonly root: string;
  /** Finds pictures that are not in files of their own. */
  readonly picture: PluginSet["picture"];
  /** Folders in which the items' pictures are looked for; nothing is read beside them. */
  readonly images: readonly string[];
  /** The most items. */
  readonly items: number;
  /** The most pictures. */
  readonly pictures: number;
}

/** The longer side of a picture. */
const SIDE = 192;

/**
 * A page with two models beside each other: their scores with what chance leaves open, and each item
 * with both models' scores. It fetches nothing.
 *
 * @throws {RangeError} if a model has no scores any more.
 * @throws {SyntaxError} if a file does not hold scores.
 */
export async function comparePage(
  models: readonly [ViewModel, ViewModel],
  { root, picture, images, items, pictures }: CompareOptions,
): Promise<string> {
  const [a, b] = models;
  const isOne = a.row.id === b.row.id && a.stage !== b.stage;
  const titles = isOne ? [a.stage, b.stage] : ["A", "B"];
  const stages: StageEvaluations[] = [];
  for (const [place, { row, stage }] of models.entries()) {
    const evaluations = await readStage(root, row.id, stage, true);
    if (evaluations === undefined) {
      throw new RangeError(`${row.id}: expected scores of ${stage}, found none`);
    }
    stages.push({ stage: titles[place]!, evaluations });
  }
  const rows = scoreRows(stages, compareModels(stages));
  const shared = rows.filter(({ scores }) => scores.every((score) => score !== undefined));
  const choice = chooseItems(stages, items);
  const names = picturesByNeed(choice).filter(isBelow);
  const thumbnails = await findThumbnails(names, {
    folders: images,
    most: pictures,
    size: SIDE,
    assets: assetsFromEnvironment({ retryDelays: [] }),
    picture,
  });
  const headlines = shared.filter(({ headline }) => headline !== false);
  const table = (rows: typeof shared, caption: string) =>
    scoreTable({ caption, stages: titles, rows });
  const alone = rows.length - shared.length;
  const sections: PageSection[] = [{
    id: "scores",
    title: "Scores",
    body: html`<p>Changes are from the first model to the second, in percentage points, with 95 %
bootstrap intervals paired by item; one whose range holds zero is neither bold nor coloured, and one
without a range is of items that are not the same, or not at hand.${
      alone > 0 && ` ${count(alone)} scores that only one of them has are left out.`
    }</p>${
      headlines.length === 0
        ? html`<p>They were scored on nothing that is the same.</p>`
        : table(headlines, "Both models, per cent")
    }${
      shared.length > headlines.length &&
      html`<details><summary>Every metric</summary>${
        table(shared, "All metrics, per cent")
      }</details>`
    }`,
  }];
  if (choice.items.length > 0) {
    sections.push({
      id: "items",
      title: "Single items",
      body: itemBrowser(choice, titles, thumbnails),
    });
  }
  return await page({
    kicker: "Two models, item by item",
    title: isOne ? `${a.row.id}: ${a.stage} and ${b.stage}` : `${nameOf(a)}, and ${nameOf(b)}`,
    description: html`<a href="/">All runs</a>`,
    head: html`<dl class="facts">${
      models.map((model, place) => {
        const { row } = model;
        const facts = [row.name, row.model, ...row.overrides].filter(Boolean).join(" · ");
        const name = row.report
          ? html`<a href="${reportAddress(row.id)}">${nameOf(model)}</a>`
          : nameOf(model);
        return html`
          <div>
            <dt>${titles[place]}</dt>
            <dd>${name} <small>${facts}</small></dd>
          </div>
        `;
      })
    }</dl>`,
    sections,
    css: await pageStyle(),
  });
}

/** A model in words. */
function nameOf({ row, stage }: ViewModel): string {
  return row.kind === "results" ? row.id : `${row.id}, ${stage}`;
}

/** Whether a picture's name stays below the folder that it is looked for in. */
function isBelow(name: string): boolean {
  return !isAbsolute(name) && !name.split(/[/\\]/).includes("..");
}
