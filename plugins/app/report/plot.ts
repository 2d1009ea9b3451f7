import type { TopLevelSpec } from "vega-lite";
import { Html } from "./html.ts";

/**
 * Draws a Vega-Lite plot as SVG.
 *
 * The picture is made when the report is written: a plot takes about 10 kB and needs no script, so it
 * is there on paper and where scripts are off; Vega's own runtime in the page would take over 500 kB
 * and compile code from strings, which the page forbids. Colours are the page's custom properties
 * (`var(--ink)`), so one picture serves light and dark.
 */
export async function drawPlot(spec: TopLevelSpec): Promise<Html> {
  // Loaded when the first plot is drawn: it takes a quarter of a second.
  const [{ compile }, { parse, View }] = await Promise.all([import("vega-lite"), import("vega")]);
  const compiled = compile({ ...spec, config: { ...look, ...spec.config } });
  const view = new View(parse(compiled.spec), { renderer: "none" });
  try {
    return new Html(tidy(await view.toSVG()));
  } finally {
    view.finalize();
  }
}

const font = "system-ui, sans-serif";

const look: TopLevelSpec["config"] = {
  // The figure around it says what it shows.
  aria: false,
  background: "transparent",
  font,
  view: { stroke: null },
  axis: {
    domainColor: "var(--rule)",
    gridColor: "var(--rule)",
    labelColor: "var(--muted)",
    labelFontSize: 11,
    tickColor: "var(--rule)",
    titleColor: "var(--muted)",
    titleFontSize: 11,
    titleFontWeight: "normal",
  },
  legend: {
    labelColor: "var(--ink)",
    labelFontSize: 11,
    orient: "top",
    title: null,
  },
};

/** Scaled by the page instead of to pixels, and decoration for all who don't see it. */
function tidy(svg: string): string {
  return svg
    .replace(/ width="[\d.]+" height="[\d.]+"/, "")
    .replace("<svg ", '<svg aria-hidden="true" focusable="false" ')
    .replaceAll(/<path class="(?:fore|back)ground"[^>]*d="[^"]*"[^>]*\/>/g, "");
}
