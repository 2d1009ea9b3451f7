// @ts-types="@types/d3-array"
import { ticks } from "d3-array";
import { Html, html } from "./html.ts";

/** A plot of lines over two axes; lengths are in its own pixels, which the page scales. */
export interface Plot {
  readonly width: number;
  readonly height: number;
  readonly x: Axis;
  readonly y: Axis;
  /** What is drawn, the first lowest. */
  readonly marks: readonly Mark[];
}

/** An axis: from where to where, and what is written at it. */
export interface Axis {
  readonly from: number;
  readonly to: number;
  /** About how many values are written at it. */
  readonly ticks: number;
  readonly format: (value: number) => string;
  /** Whether lines go from its values through the plot. */
  readonly grid: boolean;
  readonly title?: string;
}

/** Something that is drawn; points are values on the two axes. */
export type Mark =
  | {
    readonly kind: "line";
    readonly points: readonly Place[];
    readonly pale?: boolean;
    /** Default: that of all lines. */
    readonly colour?: string;
    /** Lengths of strokes and gaps. Default: there are no gaps. */
    readonly dash?: string;
  }
  | { readonly kind: "band"; readonly points: readonly (readonly [number, number, number])[] }
  | { readonly kind: "dots"; readonly points: readonly Place[]; readonly radius: number }
  | { readonly kind: "labels"; readonly labels: readonly Label[] };

/** A value on each axis. */
export type Place = readonly [x: number, y: number];

/** A text beside a point: `dx` and `dy` are pixels to the right and down. */
export interface Label {
  readonly at: Place;
  readonly text: string;
  readonly dx: number;
  readonly dy: number;
}

const FONT = 11;
/** About how wide a character of that size is. */
const CHARACTER = 6.2;

/**
 * Draws a plot as SVG.
 *
 * The picture is made when the report is written: it takes about 6 kB and needs no script, so it is
 * there on paper and where scripts are off. Colours are the page's custom properties (`var(--ink)`),
 * so one picture serves light and dark.
 */
export function drawPlot({ width, height, x, y, marks }: Plot): Html {
  const [xs, ys] = [x, y].map(({ from, to, ticks: count }) =>
    ticks(from, to, count).map((value) => value === 0 ? 0 : value)
  ) as [number[], number[]];
  const widest = Math.max(0, ...ys.map((value) => y.format(value).length));
  const left = 8 + CHARACTER * widest + (y.title === undefined ? 0 : 16);
  const right = width - 3 - CHARACTER * (x.format(xs.at(-1) ?? 0).length / 2);
  const [top, bottom] = [8, height - 20 - (x.title === undefined ? 0 : 14)];
  const placeX = (value: number) => left + (right - left) * (value - x.from) / (x.to - x.from);
  const placeY = (value: number) => bottom - (bottom - top) * (value - y.from) / (y.to - y.from);
  const path = (points: readonly Place[]) =>
    points.map(([a, b], index) =>
      `${index === 0 ? "M" : "L"}${short(placeX(a))},${short(placeY(b))}`
    )
      .join("");

  const across = y.grid &&
    ys.map((value) => `M${short(left)},${short(placeY(value))}H${short(right)}`);
  const upwards = x.grid && xs.map((value) => `M${short(placeX(value))},${top}V${short(bottom)}`);
  const ruler = x.grid ? [] : [`M${short(left)},${short(bottom)}H${short(right)}`].concat(
    xs.map((value) => `M${short(placeX(value))},${short(bottom)}v4`),
  );
  return html`
    <svg xmlns="http://www.w3.org/2000/svg" class="plot" viewBox="0 0 ${width} ${height}"
      font-family="system-ui, sans-serif" font-size="${FONT}" aria-hidden="true"
      focusable="false"><path fill="none" stroke="var(--rule)" d="${[
        ...across || [],
        ...upwards || [],
        ...ruler,
      ].join("")}"/><g fill="var(--muted)" text-anchor="middle">${xs.map((value) =>
        html`<text x="${short(placeX(value))}" y="${short(bottom + 16)}">${x.format(value)}</text>`
      )}${x.title !== undefined &&
        html`<text x="${short((left + right) / 2)}" y="${
          height - 4
        }">${x.title}</text>`}${y.title !== undefined &&
        html`<text transform="translate(${FONT},${
          short((top + bottom) / 2)
        }) rotate(-90)">${y.title}</text>`}</g><g fill="var(--muted)" text-anchor="end">${ys.map((
          value,
        ) =>
          html`<text x="${short(left - 5)}" y="${short(placeY(value) + 4)}">${
            y.format(value)
          }</text>`
        )}</g>${marks.map(drawMark)}</svg>
  `;

  function drawMark(mark: Mark): Html {
    switch (mark.kind) {
      case "line": {
        const { points, pale, colour = "var(--line)", dash } = mark;
        return html`
          <path class="${pale
            ? "pale"
            : "line"}" fill="none" stroke="${colour}" stroke-linejoin="round"
            stroke-width="${pale ? 1 : 1.5}" ${pale &&
              new Html(` stroke-opacity="0.35"`)} ${dash !== undefined &&
              html`stroke-dasharray="${dash}"`} d="${path(points)}" />
        `;
      }
      case "band": {
        const edge = [
          ...mark.points.map(([a, , high]): Place => [a, high]),
          ...mark.points.toReversed().map(([a, low]): Place => [a, low]),
        ];
        return html`
          <path class="band" fill="var(--line)" fill-opacity="0.18" d="${path(edge)}Z" />
        `;
      }
      case "dots":
        return html`<g class="dots" fill="var(--line)">${
          mark.points.map(([a, b]) =>
            html`
              <circle cx="${short(placeX(a))}" cy="${short(placeY(b))}" r="${mark.radius}" />
            `
          )
        }</g>`;
      case "labels":
        // Its margin of paper is drawn first, where a line passes behind.
        return html`
          <g class="labels" fill="var(--ink)" stroke="var(--paper)" stroke-width="3" stroke-linejoin="round"
            paint-order="stroke" text-anchor="middle">${mark.labels.map((
              { at: [a, b], text, dx, dy },
            ) =>
              html`<text x="${short(placeX(a) + dx)}" y="${
                short(placeY(b) + dy + 4)
              }">${text}</text>`
            )}</g>
        `;
    }
  }
}

/** To a tenth of a pixel. */
function short(length: number): string {
  return String(Number(length.toFixed(1)));
}

/**
 * A plot as a file of its own, as papers need it: of the size that it was drawn for, in the colours
 * of a light page.
 *
 * @param css The page's style, whose first custom properties are those colours.
 */
export function plotFile({ markup }: Html, css: string): string {
  const colours = new Map<string, string>();
  for (const [, name, colour] of css.matchAll(/--([\w-]+):\s*(#[0-9a-f]+);/g)) {
    if (!colours.has(name!)) colours.set(name!, colour!);
  }
  return markup
    .replaceAll(/var\(--([\w-]+)\)/g, (_, name) => colours.get(name) ?? "currentColor")
    .replace(/\s+aria-hidden="true"\s+focusable="false"/, "")
    .replace(/viewBox="0 0 (\d+) (\d+)"/, 'width="$1" height="$2" $&');
}
