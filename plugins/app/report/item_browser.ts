import { type Html, html, jsonMarkup } from "./html.ts";
import type { ItemChoice, ReportItem } from "./items.ts";
import { count } from "./numbers.ts";
import { stageTitle } from "./score_table.ts";

/** Single items with controls to find them; drawn by `client.js` from the data beside them. */
export function itemBrowser(
  { subsets, items, of }: ItemChoice,
  stages: readonly string[],
  pictures: ReadonlyMap<string, string>,
): Html {
  const titles = stages.map(stageTitle);
  const last = stages.length - 1;
  const data = {
    stages: titles,
    subsets,
    items: items.map(rounded),
    pictures: Object.fromEntries(pictures),
  };
  return html`<p>${
    items.length < of
      ? `${count(items.length)} of ${
        count(of)
      } items: of each benchmark those that turned, won and lost in turn, then ` +
        "those whose margin changed most."
      : "Every item that was scored."
  } An item's margin is by how much what is true is nearer than what is false; where the metric
asks for several such differences, the least of them. A score is bold if it is above all that the
metric holds against it.</p>
<noscript><p>Items are filtered and drawn by a script, which this reader does not run.</p></noscript>
<form id="item-filters" class="filters" hidden>
<p class="field wide"><label for="item-search">Search texts and names</label>
<input id="item-search" name="search" type="search" autocomplete="off" spellcheck="false"></p>
<p class="field"><label for="item-subset">Benchmark</label>
<select id="item-subset" name="subset"><option value="">All</option>${
    subsets.map(({ name }, index) => html`<option value="${index}">${name}</option>`)
  }</select></p>
<p class="field" id="item-metric-field" hidden><label for="item-metric">Right by</label>
<select id="item-metric" name="metric"></select></p>
${
    last < 1
      ? html`<input type="hidden" name="from" value="0"><input type="hidden" name="to" value="0">`
      : html`<p class="field"><label for="item-from">From</label>${stageSelect("from", 0)}</p>
<p class="field"><label for="item-to">To</label>${stageSelect("to", last)}</p>`
  }
<p class="field"><label for="item-order">Order</label>
<select id="item-order" name="order">
<option value="turned">Won and lost in turn</option>
<option value="size">Greatest change first</option>
<option value="gain">Greatest gain first</option>
<option value="loss">Greatest loss first</option>
<option value="given">As in the data set</option>
</select></p>
<fieldset class="outcomes"><legend>Outcome</legend>${
    outcomes.map(([value, name]) =>
      html`<label><input type="radio" name="outcome" value="${value}"${
        value === "all" && html`
          checked
        `
      }><span>${name} <b data-count="${value}"></b></span></label>`
    )
  }</fieldset>
</form>
<p id="item-status" class="status" role="status" aria-live="polite"></p>
<ol id="item-list" class="item-list"></ol>
<button id="item-more" type="button" hidden>Show more</button>
<script id="items-data" type="application/json">${jsonMarkup(data)}</script>`;

  function stageSelect(name: string, chosen: number): Html {
    return html`<select id="item-${name}" name="${name}">${
      titles.map((title, stage) =>
        html`
          <option value="${stage}" ${stage === chosen && html`
            selected
          `}>${title}</option>
        `
      )
    }</select>`;
  }
}

const outcomes = [
  ["all", "All"],
  ["won", "Won"],
  ["lost", "Lost"],
  ["wrong", "Still wrong"],
  ["right", "Still right"],
] as const;

/** Scores to the digits that are shown, and one more. */
function rounded(item: ReportItem): ReportItem {
  const round = (value: number) => Number(value.toFixed(4));
  return { ...item, scores: item.scores.map((scores) => scores?.map(round) ?? null) };
}
