import type { Evaluation } from "../../../core/evaluator.ts";
import type { StageEvaluations } from "../results/table.ts";
import type { StepLine, StepScores } from "./read_run.ts";

/** A value over the steps of a run. */
export interface Series {
  /** Whose it is: an objective or a data set; undefined for what all steps share. */
  readonly of: string | undefined;
  /** What it is: `loss`, a term of the loss, `learning rate`, a metric. */
  readonly name: string;
  /** Its points in the order of the steps. */
  readonly points: readonly Point[];
}

/** A point of a series: one step, or the mean of several in a row. */
export interface Point {
  /** The step; of several the last. */
  readonly step: number;
  /** The value, or the mean. */
  readonly value: number;
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
      series.push({ of: objective, name, points: thin(own, valueOf, most) });
    };
    add("loss", ({ loss }) => loss);
    for (const term of termsOf(own)) add(term, ({ terms }) => terms[term]);
  }
  if (lines.length > 0) {
    series.push({
      of: undefined,
      name: "learning rate",
      points: thin(lines, ({ lr }) => lr, most),
    });
  }
  return series;
}

/**
 * The headline scores over the steps of a run, before and after included, in per cent; none if there
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
  const key = ({ dataset, task, headline }: Evaluation) =>
    JSON.stringify([dataset, task, headline]);
  const known = new Map(
    all.flatMap(({ evaluations }) => evaluations).map((each) => [key(each), each]),
  );
  return [...known].map(([name, { dataset, headline }]) => ({
    of: dataset,
    name: headline,
    points: all.flatMap(({ step, evaluations }) => {
      const share = evaluations.find((each) => key(each) === name)?.metrics[headline];
      if (share === undefined) return [];
      const value = 100 * share;
      return [{ step, value, low: value, high: value }];
    }),
  }));
}

/** The names of the terms; none where the only term is the loss itself. */
function termsOf(lines: readonly StepLine[]): string[] {
  const names = [...new Set(lines.flatMap(({ terms }) => Object.keys(terms)))];
  const [only, another] = names;
  if (only === undefined || another !== undefined) return names;
  return lines.every(({ loss, terms }) => terms[only] === loss) ? [] : names;
}

/** At most `most` points: runs of consecutive steps, as long as they must be. */
function thin(
  lines: readonly StepLine[],
  valueOf: (line: StepLine) => number | undefined,
  most: number,
): Point[] {
  const known = lines.flatMap((line) => {
    const value = valueOf(line);
    return value === undefined ? [] : [{ step: line.step, value }];
  });
  const width = Math.ceil(known.length / most);
  const points: Point[] = [];
  for (let first = 0; first < known.length; first += width) {
    const run = known.slice(first, first + width);
    const values = run.map(({ value }) => value);
    points.push({
      step: run.at(-1)!.step,
      value: values.reduce((sum, value) => sum + value, 0) / values.length,
      low: Math.min(...values),
      high: Math.max(...values),
    });
  }
  return points;
}
