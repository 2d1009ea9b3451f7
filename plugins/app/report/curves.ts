import { stepAxis, valueAxis } from "./axes.ts";
import { download, fileName } from "./download.ts";
import { type Html, html } from "./html.ts";
import { drawPlot, type Mark, type Plot, plotFile } from "./plot.ts";
import type { Series } from "./series.ts";

/** How curves are shown. */
export interface CurveOptions {
  /** Steps of the whole run: where the axes end. */
  readonly total: number;
  /** Writes a value for people. */
  readonly format: (value: number) => string;
  /** No value is greater, so no axis goes on. Default: there is no such limit. */
  readonly most?: number;
  /** The page's style, for the colours of files. */
  readonly css: string;
}

/** Curves over the steps of a run, each with its first and last value and as a file. */
export function curves(
  all: readonly Series[],
  { total, format, most = Infinity, css }: CurveOptions,
): Html {
  const figures: Html[] = [];
  for (const series of all) {
    const [first, last] = [series.points[0], series.points.at(-1)];
    if (first === undefined || last === undefined) continue;
    const title = series.of === undefined
      ? html`<span>${series.name}</span>`
      : html`<span>${series.of} <span class="muted">${series.name}</span></span>`;
    const ends = html`<span class="ends">${format(first.value)} <span aria-hidden="true">→</span>
<span class="visually-hidden">to</span> ${format(last.value)}</span>`;
    const plot = drawPlot(plotOf(series, total, most));
    const file = download(
      "SVG",
      fileName(series.of, `${series.name}.svg`),
      "image/svg+xml",
      plotFile(plot, css),
    );
    figures.push(
      html`<figure><figcaption>${title} ${ends}</figcaption>${plot}${file}</figure>`,
    );
  }
  return html`<div class="curves">${figures}</div>`;
}

function plotOf({ points, smooth }: Series, total: number, most: number): Plot {
  const least = Math.min(...points.map(({ low }) => low));
  const greatest = Math.max(...points.map(({ high }) => high));
  const isThinned = points.some(({ low, high }) => low !== high);
  const curve = points.map(({ step, value }) => [step, value] as const);
  const marks: Mark[] = [
    ...isThinned
      ? [{
        kind: "band" as const,
        points: points.map(({ step, low, high }) => [step, low, high] as const),
      }]
      : [],
    ...smooth > 1
      ? [
        { kind: "line" as const, points: curve, pale: true },
        { kind: "line" as const, points: points.map((each) => [each.step, each.smooth] as const) },
      ]
      : [{ kind: "line" as const, points: curve }],
    // A single step makes no line.
    ...points.length === 1 ? [{ kind: "dots" as const, points: curve, radius: 3 }] : [],
  ];
  const [x, y] = [stepAxis(total), valueAxis(least, greatest, most)];
  return { width: 320, height: 150, x, y, marks };
}
