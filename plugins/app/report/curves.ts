import type { TopLevelSpec } from "vega-lite";
import { type Html, html } from "./html.ts";
import { drawPlot } from "./plot.ts";
import type { Series } from "./series.ts";

/**
 * Curves over the steps of a run, each with its first and last value.
 *
 * @param total Steps of the whole run: where the axes end.
 * @param format Writes a value for people.
 * @param most No value is greater, so no axis goes on. Default: there is no such limit.
 */
export async function curves(
  all: readonly Series[],
  total: number,
  format: (value: number) => string,
  most: number = Infinity,
): Promise<Html> {
  const figures: Html[] = [];
  for (const series of all) {
    const [first, last] = [series.points[0], series.points.at(-1)];
    if (first === undefined || last === undefined) continue;
    const title = series.of === undefined
      ? html`<span>${series.name}</span>`
      : html`<span>${series.of} <span class="muted">${series.name}</span></span>`;
    const ends = html`<span class="ends">${format(first.value)} <span aria-hidden="true">→</span>
<span class="visually-hidden">to</span> ${format(last.value)}</span>`;
    figures.push(
      html`<figure><figcaption>${title} ${ends}</figcaption>${await drawPlot(
        specOf(series, total, most),
      )}</figure>`,
    );
  }
  return html`<div class="curves">${figures}</div>`;
}

function specOf({ points }: Series, total: number, most: number): TopLevelSpec {
  const least = Math.min(...points.map(({ low }) => low));
  const greatest = Math.max(...points.map(({ high }) => high));
  // A value that never changes gets an axis with room around it.
  const room = least === greatest ? Math.abs(least) / 10 || 1 : 0;
  const format = greatest < 1e-3 ? "~e" : ".4~g";
  const isThinned = points.some(({ low, high }) => low !== high);
  const x = {
    field: "step",
    type: "quantitative",
    scale: { domainMin: 0, domainMax: total, nice: false },
    axis: { title: "step", grid: false, tickCount: 4, format: "~s" },
  } as const;
  const y = {
    type: "quantitative",
    scale: room === 0
      ? { zero: false }
      : { domainMin: least - room, domainMax: Math.min(greatest + room, most), nice: false },
    axis: {
      title: null,
      domain: false,
      ticks: false,
      tickCount: 4,
      labelExpr: `datum.value === 0 ? "0" : format(datum.value, "${format}")`,
    },
  } as const;
  return {
    width: 320,
    height: 150,
    padding: 2,
    autosize: { type: "fit", contains: "padding" },
    data: { values: points.map((point) => ({ ...point })) },
    layer: [
      ...(isThinned
        ? [
          {
            mark: { type: "area", color: "var(--line)", opacity: 0.18 },
            encoding: { x, y: { ...y, field: "low" }, y2: { field: "high" } },
          } as const,
        ]
        : []),
      {
        mark: {
          type: "line",
          color: "var(--line)",
          strokeWidth: 1.5,
          strokeJoin: "round",
          // A single step makes no line.
          point: points.length === 1 ? { color: "var(--line)" } : false,
        },
        encoding: { x, y: { ...y, field: "value" } },
      },
    ],
  };
}
