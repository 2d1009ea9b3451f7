/**
 * What a sweep gains and what it gives up, as a plot.
 *
 * @module
 */
import type { Evaluation } from "../../../core/evaluator.ts";
import type { JsonObject } from "../../../core/component.ts";
import type { SweepPoint } from "./sweep.ts";

/** The score of one data set at one α. */
export interface TradeOffCurvePoint {
  /** The weight of the fine-tuned side. */
  readonly alpha: number;
  /** The data set's name. */
  readonly dataset: string;
  /** The metric that stands for it. */
  readonly metric: string;
  /** In percent. */
  readonly score: number;
  /** Whether it asks for composition, or for what a fine-tune may forget. */
  readonly side: "composition" | "zero-shot";
}

/** What one α comes to on both sides. */
export interface TradeOffPoint {
  /** The weight of the fine-tuned side. */
  readonly alpha: number;
  /** Mean score of the data sets that ask for composition, in percent. */
  readonly composition: number;
  /** Mean score of zero-shot classification, retrieval and linear probes, in percent. */
  readonly zeroShot: number;
}

/** The numbers of a plot. */
export interface TradeOff {
  /** A curve over α for each data set. */
  readonly curves: readonly TradeOffCurvePoint[];
  /** One side over the other; empty where the benchmarks have only one of the two. */
  readonly tradeOff: readonly TradeOffPoint[];
}

/**
 * The numbers that a sweep's plot shows. Zero-shot classification, retrieval and linear probes stand
 * for what a model knew before; all other tasks ask for composition. A side's score is the unweighted
 * mean over its data sets; those that are part of another count with that one.
 */
export function tradeOff(points: readonly SweepPoint[]): TradeOff {
  const curves = points.flatMap(({ alpha, evaluations }) =>
    evaluations.map((evaluation) => ({
      alpha,
      dataset: evaluation.dataset,
      metric: evaluation.headline,
      score: headlineOf(evaluation),
      side: sideOf(evaluation),
    }))
  );
  const means = points.map(({ alpha, evaluations }) => {
    const parts = new Set(evaluations.flatMap(({ parts = [] }) => parts));
    const whole = evaluations.filter(({ dataset }) => !parts.has(dataset));
    const meanOf = (side: TradeOffCurvePoint["side"]) =>
      mean(whole.filter((each) => sideOf(each) === side).map(headlineOf));
    return { alpha, composition: meanOf("composition"), zeroShot: meanOf("zero-shot") };
  });
  return {
    curves,
    tradeOff: means.filter(({ composition, zeroShot }) => !Number.isNaN(composition + zeroShot)),
  };
}

/**
 * A Vega-Lite 6 specification that draws {@linkcode tradeOff}, its data included: a curve over α for
 * each data set, and one side over the other with α beside the points.
 *
 * @example
 * ```ts
 * import { tradeOffPlot } from "./trade_off_plot.ts";
 *
 * console.assert("hconcat" in tradeOffPlot({ curves: [], tradeOff: [] }));
 * ```
 */
export function tradeOffPlot({ curves, tradeOff }: TradeOff): JsonObject {
  const score = (field: string, title: string) => ({
    field,
    type: "quantitative",
    title,
    scale: { zero: false },
  });
  const overAlpha: JsonObject = {
    title: "Scores from pretrained (α = 0) to fine-tuned (α = 1)",
    data: { values: curves.map((each) => ({ ...each })) },
    mark: { type: "line", point: true },
    encoding: {
      x: { field: "alpha", type: "quantitative", title: "α" },
      y: score("score", "score (%)"),
      color: { field: "dataset", type: "nominal", title: "data set" },
      strokeDash: { field: "side", type: "nominal", title: "asks for" },
    },
  };
  const sideOverSide: JsonObject = {
    title: "Composition against zero-shot ability",
    data: { values: tradeOff.map((each) => ({ ...each })) },
    encoding: {
      x: score("zeroShot", "zero-shot (mean, %)"),
      y: score("composition", "composition (mean, %)"),
      order: { field: "alpha" },
    },
    layer: [
      { mark: { type: "line", point: true } },
      {
        mark: { type: "text", align: "left", dx: 6, dy: -6 },
        encoding: { text: { field: "alpha" } },
      },
    ],
  };
  return {
    $schema: "https://vega.github.io/schema/vega-lite/v6.json",
    hconcat: tradeOff.length === 0 ? [overAlpha] : [overAlpha, sideOverSide],
  };
}

function headlineOf({ metrics, headline }: Evaluation): number {
  return 100 * (metrics[headline] ?? NaN);
}

function sideOf({ task }: Evaluation): TradeOffCurvePoint["side"] {
  return /^(zeroshot_|linear_probe)/.test(task) ? "zero-shot" : "composition";
}

function mean(values: readonly number[]): number {
  return values.reduce((a, b) => a + b, 0) / values.length;
}
