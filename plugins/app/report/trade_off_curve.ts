import type { TopLevelSpec } from "vega-lite";
import type { TradeOffPoint } from "../../patching/commands/trade_off_plot.ts";
import { type Html, html } from "./html.ts";
import { percent } from "./numbers.ts";
import { drawPlot } from "./plot.ts";

/** What is won in composition against what is forgotten, for each weight of the trained model. */
export async function tradeOffCurve(points: readonly TradeOffPoint[]): Promise<Html> {
  return html`
    <p>Each point is a model between the pretrained one (α&nbsp;=&nbsp;0) and the trained one
    (α&nbsp;=&nbsp;1): <i>w</i> = (1 − α) <i>w</i><sub>before</sub> + α <i>w</i><sub>after</sub>. Means of the
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

const WIDTH = 360;
const HEIGHT = 300;

function specOf(points: readonly TradeOffPoint[]): TopLevelSpec {
  const values = labelled(points);
  const axis = { tickCount: 5, grid: true, domain: false, ticks: false } as const;
  const x = {
    field: "zeroShot",
    type: "quantitative",
    scale: { zero: false, padding: 30 },
    axis: { ...axis, title: "retrieval and classification, %" },
  } as const;
  const y = {
    field: "composition",
    type: "quantitative",
    scale: { zero: false, padding: 30 },
    axis: { ...axis, title: "composition, %" },
  } as const;
  return {
    width: WIDTH,
    height: HEIGHT,
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
      // The first is a margin of paper around the second, where a line passes behind.
      ...[{ stroke: "var(--paper)", strokeWidth: 3 }, { color: "var(--ink)" }].map((look) =>
        ({
          mark: {
            type: "text",
            fontSize: 11,
            dx: { expr: "datum.dx" },
            dy: { expr: "datum.dy" },
            ...look,
          },
          encoding: { text: { field: "label" } },
        }) as const
      ),
    ],
  };
}

/** A point and where its label stands from it, in pixels. */
interface LabelledPoint extends TradeOffPoint {
  /** Empty for most where there are many: more labels than six lie on each other. */
  readonly label: string;
  readonly dx: number;
  readonly dy: number;
}

/** Labels on the side of a point that its curve turns away from. */
function labelled(points: readonly TradeOffPoint[]): LabelledPoint[] {
  const every = Math.ceil((points.length - 1) / 5);
  const [x, y] = [points.map(({ zeroShot }) => zeroShot), points.map((each) => each.composition)]
    .map((all) => {
      const [least, range] = [Math.min(...all), Math.max(...all) - Math.min(...all) || 1];
      return all.map((value) => (value - least) / range);
    });
  // Upwards is less in a picture.
  const places = points.map((_, index): Place => [WIDTH * x![index]!, -HEIGHT * y![index]!]);
  return points.map((point, index) => {
    const place = places[index]!;
    const isElsewhere = ([x, y]: Place) => x !== place[0] || y !== place[1];
    const first = directionTo(place, places.slice(0, index).findLast(isElsewhere));
    const second = directionTo(place, places.slice(index).find(isElsewhere));
    const [awayX, awayY] = [-first[0] - second[0], -first[1] - second[1]];
    const length = Math.hypot(awayX, awayY);
    // A straight line turns nowhere: of its two sides the upper.
    const up = second[0] > 0 ? 1 : -1;
    const [sideX, sideY] = length > 0.1
      ? [awayX / length, awayY / length]
      : [up * second[1], -up * second[0]];
    return {
      ...point,
      label: index % every === 0 || index === points.length - 1 ? `α = ${point.alpha}` : "",
      dx: 30 * sideX,
      dy: 14 * sideY,
    };
  });
}

type Place = readonly [x: number, y: number];

/** Of length one; of no length where there is nothing to go to. */
function directionTo(from: Place, to: Place = from): Place {
  const length = Math.hypot(to[0] - from[0], to[1] - from[1]) || 1;
  return [(to[0] - from[0]) / length, (to[1] - from[1]) / length];
}
