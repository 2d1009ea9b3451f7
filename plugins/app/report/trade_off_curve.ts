import type { TradeOffPoint } from "../../patching/commands/trade_off_plot.ts";
import { type Html, html } from "./html.ts";
import { percent } from "./numbers.ts";
import { download } from "./download.ts";
import { type Axis, drawPlot, type Label, type Place, type Plot, plotFile } from "./plot.ts";

/**
 * What is won in composition against what is forgotten, for each weight of the trained model.
 *
 * @param css The page's style, for the colours of the file.
 */
export function tradeOffCurve(points: readonly TradeOffPoint[], css: string): Html {
  const plot = drawPlot(plotOf(points));
  return html`
    <p>Each point is a model between the pretrained one (α&nbsp;=&nbsp;0) and the trained one
    (α&nbsp;=&nbsp;1): <i>w</i> = (1 − α) <i>w</i><sub>before</sub> + α <i>w</i><sub>after</sub>. Means of the
    headline scores in per cent; up and to the right is better.</p>
    <figure class="tradeoff">${plot}
    <figcaption class="visually-hidden">Mean score of composition over mean score of retrieval and
    classification, a point for each α; the table below has the numbers.</figcaption></figure>
    <p>${download("SVG", "patching.svg", "image/svg+xml", plotFile(plot, css))}</p>
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

function plotOf(points: readonly TradeOffPoint[]): Plot {
  const places = points.map(({ zeroShot, composition }): Place => [zeroShot, composition]);
  return {
    width: WIDTH,
    height: HEIGHT,
    x: axisOf(points.map(({ zeroShot }) => zeroShot), "retrieval and classification, %"),
    y: axisOf(points.map(({ composition }) => composition), "composition, %"),
    marks: [
      { kind: "line", points: places },
      { kind: "dots", points: places, radius: 3.5 },
      { kind: "labels", labels: labelled(points) },
    ],
  };
}

/** With room for labels at both ends. */
function axisOf(values: readonly number[], title: string): Axis {
  const [least, greatest] = [Math.min(...values), Math.max(...values)];
  const room = (greatest - least) / 8 || 1;
  const [from, to] = [least - room, greatest + room];
  return { from, to, ticks: 5, format: (value) => String(value), grid: true, title };
}

/** Labels on the side of a point that its curve turns away from; six at most, or they would touch. */
function labelled(points: readonly TradeOffPoint[]): Label[] {
  const every = Math.ceil((points.length - 1) / 5);
  const [x, y] = [points.map(({ zeroShot }) => zeroShot), points.map((each) => each.composition)]
    .map((all) => {
      const [least, range] = [Math.min(...all), Math.max(...all) - Math.min(...all) || 1];
      return all.map((value) => (value - least) / range);
    });
  // Upwards is less in a picture.
  const places = points.map((_, index): Place => [WIDTH * x![index]!, -HEIGHT * y![index]!]);
  return points.flatMap((point, index) => {
    if (index % every !== 0 && index < points.length - 1) return [];
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
    const at: Place = [point.zeroShot, point.composition];
    return [{ at, text: `α = ${point.alpha}`, dx: 30 * sideX, dy: 14 * sideY }];
  });
}

/** Of length one; of no length where there is nothing to go to. */
function directionTo(from: Place, to: Place = from): Place {
  const length = Math.hypot(to[0] - from[0], to[1] - from[1]) || 1;
  return [(to[0] - from[0]) / length, (to[1] - from[1]) / length];
}
