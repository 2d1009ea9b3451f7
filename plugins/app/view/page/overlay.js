// Curves of several runs over each other.
import { stepAxis, valueAxis } from "../../report/axes.ts";
import { fileName } from "../../report/download.ts";
import { oneDecimal, significant } from "../../report/numbers.ts";
import { drawPlot, plotFile } from "../../report/plot.ts";
import { lossSeries } from "../../report/series.ts";
import { element, make } from "../../web/page/elements.js";

/**
 * @typedef {import("../../report/series.ts").Series} Series
 * @typedef {import("../../report/read_steps.ts").StepLine} StepLine
 * @typedef {import("../../report/plot.ts").Mark} Mark
 * @typedef {{ id: string, total: number, steps: readonly StepLine[], scores: readonly Series[] }} DrawnRun
 * @typedef {{ run: DrawnRun, place: number, series: Series }} Line
 */

const COLOURS = 8;
/** Lines differ for whoever does not see their colours. */
const DASHES = [undefined, "7 3", "2 3", "9 3 2 3"];
/** Of more runs only the smooth lines are drawn. */
const PALE = 3;

/**
 * Colour and dashes of a run; no two of 32 have the same.
 *
 * @param {number} place Which of the runs drawn it is.
 */
export function lineStyle(place) {
  const dash = DASHES[(place + Math.floor(place / COLOURS)) % DASHES.length];
  return {
    colour: `var(--run-${place % COLOURS + 1})`,
    ...dash === undefined ? {} : { dash },
  };
}

/**
 * The mark of a run among those drawn.
 *
 * @param {number} place
 * @returns {HTMLElement}
 */
export function swatch(place) {
  const { colour, dash } = lineStyle(place);
  const mark = make("span", "swatch");
  mark.setAttribute("aria-hidden", "true");
  // Our own markup, of numbers alone.
  mark.innerHTML = `<svg viewBox="0 0 28 10" width="100%" height="100%"><path d="M0,5H28"
    stroke="${colour}" stroke-width="2.5" ${
    dash === undefined ? "" : `stroke-dasharray="${dash}"`
  }/></svg>`;
  return mark;
}

/**
 * Shows the losses and scores of runs, a figure for each.
 *
 * @param {readonly DrawnRun[]} runs
 * @param {boolean} all Whether the terms of losses and the learning rate are wanted too.
 */
export function showCurves(runs, all) {
  /** @type {Map<string, { isScore: boolean, lines: Line[] }>} */
  const figures = new Map();
  runs.forEach((run, place) => {
    const losses = lossSeries(run.steps).filter(({ name }) => all || name === "loss");
    for (
      const [series, isScore] of [
        ...losses.map((each) => /** @type {const} */ ([each, false])),
        ...run.scores.map((each) => /** @type {const} */ ([each, true])),
      ]
    ) {
      const key = JSON.stringify([isScore, series.of, series.name]);
      const figure = figures.get(key) ?? { isScore, lines: [] };
      figure.lines.push({ run, place, series });
      figures.set(key, figure);
    }
  });
  element("figures").replaceChildren(
    ...[...figures.values()].map(({ isScore, lines }) => drawFigure(lines, isScore, runs)),
  );
}

/**
 * @param {readonly Line[]} lines
 * @param {boolean} isScore
 * @param {readonly DrawnRun[]} runs
 */
function drawFigure(lines, isScore, runs) {
  const figure = make("figure");
  const [{ series }] = /** @type {[Line]} */ (lines);
  const caption = make("figcaption");
  const title = make("span", undefined, series.of === undefined ? series.name : `${series.of} `);
  if (series.of !== undefined) title.append(make("span", "muted", series.name));
  caption.append(title);
  const total = Math.max(1, ...lines.map(({ run }) => run.total));
  const points = lines.flatMap(({ series }) => series.points);
  const isPale = runs.length <= PALE;
  const value = (/** @type {import("../../report/series.ts").Point} */ point) =>
    isPale ? [point.value, point.smooth] : [point.smooth];
  const values = points.flatMap(value);
  const plot = drawPlot({
    width: 480,
    height: 220,
    x: stepAxis(total),
    y: valueAxis(Math.min(...values), Math.max(...values), isScore ? 100 : Infinity),
    marks: lines.flatMap((line) => marksOf(line, isPale)),
  });
  const place = make("div");
  // Numbers and names of colours alone: the axes' texts are numbers too.
  place.innerHTML = plot.markup;
  const format = isScore ? oneDecimal : significant;
  const lasts = make("ul", "lasts");
  lasts.append(...lines.map(({ run, place, series: { points } }) => {
    const [first, last] = [points[0], points.at(-1)];
    const entry = make("li");
    entry.append(swatch(place));
    if (first !== undefined && last !== undefined) {
      entry.append(`${format(first.smooth)} → ${format(last.smooth)}, ${run.id}`);
    }
    return entry;
  }));
  figure.append(caption, place, lasts, svgLink(plot, series));
  return figure;
}

/**
 * @param {Line} line
 * @param {boolean} isPale
 * @returns {Mark[]}
 */
function marksOf({ place, series: { points, smooth } }, isPale) {
  const style = lineStyle(place);
  const raw = points.map(({ step, value }) => /** @type {const} */ ([step, value]));
  const even = points.map(({ step, smooth }) => /** @type {const} */ ([step, smooth]));
  return [
    ...smooth > 1 && isPale
      ? [{ kind: /** @type {const} */ ("line"), points: raw, pale: true, colour: style.colour }]
      : [],
    { kind: "line", points: even, ...style },
    ...points.length === 1
      ? [{ kind: /** @type {const} */ ("dots"), points: even, radius: 3 }]
      : [],
  ];
}

/**
 * A link that saves the figure in the colours of a light page; made when it is asked for.
 *
 * @param {import("../../report/html.ts").Html} plot
 * @param {Series} series
 */
function svgLink(plot, { of, name }) {
  const link = document.createElement("a");
  link.className = "download";
  link.textContent = "SVG";
  link.download = fileName(of, `${name}.svg`);
  link.href = "#";
  link.addEventListener("click", () => {
    const css = document.querySelector("style")?.textContent ?? "";
    const address = URL.createObjectURL(new Blob([plotFile(plot, css)], { type: "image/svg+xml" }));
    link.href = address;
    setTimeout(() => URL.revokeObjectURL(address), 10_000);
  });
  return link;
}
