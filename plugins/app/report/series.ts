import type { Evaluation } from "../../../core/evaluator.ts";
import type { StageEvaluations } from "../results/table.ts";
import { leadingMetrics } from "./score_rows.ts";
import type { StepScores } from "./read_run.ts";
import type { StepLine } from "./read_steps.ts";

/** A value over the steps of a run. */
export interface Series {
  /** Whose it is: an objective or a data set; undefined for what all steps share. */
  readonly of: string | undefined;
  /** What it is: `loss`, a term of the loss, `learning rate`, a metric. */
  readonly name: string;
  /** Its points in the order of the steps. */
  readonly points: readonly Point[];
  /** Over how many steps of it its smooth values go; 1 where it is not smoothed. */
  readonly smooth: number;
}

/** A point of a series: one step, or the mean of several in a row. */
export interface Point {
  /** The step; of several the last. */
  readonly step: number;
  /** The value, or the mean. */
  readonly value: number;
  /** The mean of the values around it. */
  readonly smooth: number;
  /** The least value. */
  readonly low: number;
  /** The greatest value. */
  readonly high: number;
}

/** The loss of each objective with its terms, then the learning rate. */
export function lossSeries(lines: readonly StepLine[], most: number = 150): Series[] {
  const objectives = new Map<string, StepLine[]>();
  for (const line of lines) {
    const known = objectives.get(line.objective);
    if (known === undefined) objectives.set(line.objective, [line]);
    else known.push(line);
  }
  const series: Series[] = [];
  for (const [objective, own] of objectives) {
    const add = (name: string, valueOf: (line: StepLine) => number | undefined) => {
      const known = valuesOf(own, valueOf);
      const smooth = windowOf(known.length);
      series.push({ of: objective, name, points: thin(known, smooth, most), smooth });
    };
    add("loss", ({ loss }) => loss);
    for (const term of termsOf(own)) add(term, ({ terms }) => terms[term]);
  }
  if (lines.length > 0) {
    series.push({
      of: undefined,
      name: "learning rate",
      points: thin(valuesOf(lines, ({ lr }) => lr), 1, most),
      smooth: 1,
    });
  }
  return series;
}

/**
 * The leading scores over the steps of a run, before and after included, in per cent; none if there
 * are no scores between.
 */
export function scoreSeries(
  stages: readonly StageEvaluations[],
  during: readonly StepScores[],
  total: number,
): Series[] {
  if (during.length === 0) return [];
  const evaluationsAt = (name: string, step: number) =>
    stages.filter(({ stage }) => stage === name).map(({ evaluations }) => ({ step, evaluations }));
  const all = [...evaluationsAt("before", 0), ...during, ...evaluationsAt("after", total)];
  const key = ({ dataset, task }: Evaluation, metric: string) =>
    JSON.stringify([dataset, task, metric]);
  const known = new Map(
    all.flatMap(({ evaluations }) => evaluations).flatMap((evaluation) =>
      leadingMetrics(evaluation).map((metric) =>
        [key(evaluation, metric), { of: evaluation.dataset, metric }] as const
      )
    ),
  );
  return [...known].map(([name, { of, metric }]) => ({
    of,
    name: metric,
    points: all.flatMap(({ step, evaluations }) => {
      const share = evaluations.find((each) => key(each, metric) === name)?.metrics[metric];
      if (share === undefined) return [];
      const value = 100 * share;
      return [{ step, value, smooth: value, low: value, high: value }];
    }),
    smooth: 1,
  }));
}

/** The names of the terms; none where the only term is the loss itself. */
function termsOf(lines: readonly StepLine[]): string[] {
  const names = [...new Set(lines.flatMap(({ terms }) => Object.keys(terms)))];
  const [only, another] = names;
  if (only === undefined || another !== undefined) return names;
  return lines.every(({ loss, terms }) => terms[only] === loss) ? [] : names;
}

interface StepValue {
  readonly step: number;
  readonly value: number;
}

function valuesOf(
  lines: readonly StepLine[],
  valueOf: (line: StepLine) => number | undefined,
): StepValue[] {
  return lines.flatMap((line) => {
    const value = valueOf(line);
    return value === undefined ? [] : [{ step: line.step, value }];
  });
}

/** An odd number of steps, about a twentieth of them; of few steps each stands for itself. */
function windowOf(steps: number): number {
  return steps < 40 ? 1 : 2 * Math.round(steps / 40) + 1;
}

/** At most `most` points: runs of consecutive steps, as long as they must be. */
function thin(known: readonly StepValue[], window: number, most: number): Point[] {
  const smooth = smoothed(known.map(({ value }) => value), window);
  const width = Math.ceil(known.length / most);
  const points: Point[] = [];
  for (let first = 0; first < known.length; first += width) {
    const run = known.slice(first, first + width);
    const values = run.map(({ value }) => value);
    points.push({
      step: run.at(-1)!.step,
      value: meanOf(values),
      smooth: meanOf(smooth.slice(first, first + width)),
      low: Math.min(...values),
      high: Math.max(...values),
    });
  }
  return points;
}

/** Of each value the mean of those around it, as far as there are any. */
function smoothed(values: readonly number[], window: number): number[] {
  const reach = (window - 1) / 2;
  return values.map((_, index) =>
    meanOf(values.slice(Math.max(0, index - reach), index + reach + 1))
  );
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
