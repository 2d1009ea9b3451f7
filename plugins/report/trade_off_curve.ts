import type { TopLevelSpec } from "vega-lite";
import type { TradeOffPoint } from "../patching/mod.ts";
import { type Html, html } from "./html.ts";
import { percent } from "./numbers.ts";
import { drawPlot } from "./plot.ts";

/** What is won in composition against what is forgotten, for each weight of the trained model. */
export async function tradeOffCurve(points: readonly TradeOffPoint[]): Promise<Html> {
  return html`
    <p>Each point is a model between the pretrained one (α = 0) and the trained one
    (α = 1): <i>w</i> = (1 − α) <i>w</i><sub>before</sub> + α <i>w</i><sub>after</sub>. Means of the
    headline scores in per cent; up and to the right is better.</p>
    <figure class="tradeoff">${await drawPlot(specOf(points))}
    <figcaption class="visually-hidden">Mean score of composition over mean score of retrieval and
    classification, a point for each α; the table below has the numbers.</figcaption></figure>
    <details>
      <summary>The numbers of the curve</summary>
      <table class="plain">
        <caption class="visually-hidden">Mean scores at each α</caption>
        <thead>
          <tr>
            <th scope="col" class="number">α</th>
            <th scope="col" class="number">Composition</th>
            <th scope="col" class="number">Retrieval and classification</th>
          </tr>
        </thead>
        <tbody>${points.map(({ alpha, composition, zeroShot }) =>
          html`
            <tr>
              <th scope="row" class="number">${alpha}</th>
              <td class="number">${percent(composition / 100)}</td>
              <td class="number">${percent(zeroShot / 100)}</td>
            </tr>
          `
        )}</tbody>
      </table>
    </details>
  `;
}

function specOf(points: readonly TradeOffPoint[]): TopLevelSpec {
  const values = points.map((point) => ({
    ...point,
    label: isLabelled(point.alpha) ? `α = ${point.alpha}` : "",
  }));
  const axis = { tickCount: 5, grid: true, domain: false, ticks: false } as const;
  const x = {
    field: "zeroShot",
    type: "quantitative",
    scale: { zero: false, padding: 18 },
    axis: { ...axis, title: "retrieval and classification, %" },
  } as const;
  const y = {
    field: "composition",
    type: "quantitative",
    scale: { zero: false, padding: 18 },
    axis: { ...axis, title: "composition, %" },
  } as const;
  return {
    width: 360,
    height: 300,
    padding: 2,
    autosize: { type: "fit", contains: "padding" },
    data: { values },
    encoding: { x, y },
    layer: [
      {
        mark: { type: "line", color: "var(--line)", strokeWidth: 1.5 },
        encoding: { order: { field: "alpha", type: "quantitative" } },
      },
      { mark: { type: "point", color: "var(--line)", filled: true, opacity: 1, size: 40 } },
      {
        mark: { type: "text", color: "var(--ink)", align: "left", dx: 8, dy: -6, fontSize: 11 },
        encoding: { text: { field: "label" } },
      },
    ],
  };
}

/** Every fifth of the way: with more labels they lie on each other. */
function isLabelled(alpha: number): boolean {
  return Math.abs(alpha * 5 - Math.round(alpha * 5)) < 1e-9;
}
