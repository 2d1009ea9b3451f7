import type { Evaluation } from "../../../core/evaluator.ts";
import { compareModels, type ComparisonRow } from "../results/compare.ts";
import type { Interval } from "../results/bootstrap.ts";
import { summaryTitle } from "../results/summary_rows.ts";
import type { StageEvaluations } from "../results/table.ts";
import { type Bounds, boundsOf } from "./bounds.ts";

/** One metric of one data set at every stage. */
export interface ScoreRow extends Pick<ComparisonRow, "dataset" | "task" | "metric"> {
  /**
   * Whether the report shows it among the first, and counts it: `"beside"` is shown and not
   * counted, for it is another mean of what another one tells.
   */
  readonly headline: boolean | "beside";
  /** How many items were scored. */
  readonly items: number;
  /** How many data sets it averages; 0 for one that has its own items. */
  readonly parts: number;
  /** How many items the benchmark has, where not all were scored. */
  readonly of: number | undefined;
  /** The score at each stage; undefined where it was not taken. */
  readonly scores: readonly (Score | undefined)[];
  /** The change from the first stage to each other one; undefined where a score is missing. */
  readonly changes: readonly (Change | undefined)[];
  /** Between which scores the metric tells anything. */
  readonly bounds: Bounds;
}

/** A score and what chance leaves open. */
export interface Score {
  /** In [0, 1]. */
  readonly value: number;
  /** 95 % bootstrap interval, where the items are at hand. */
  readonly interval: Interval | undefined;
}

/** A difference of two scores and what chance leaves open. */
export interface Change {
  /** Later minus earlier. */
  readonly difference: number;
  /** 95 % bootstrap interval over the items, where they are at hand. */
  readonly interval: Interval | undefined;
}

/**
 * The rows of all metrics, in the order in which the stages name them; of retrieval the recall at 1
 * before the recalls that are soon at their most.
 */
export function scoreRows(
  stages: readonly StageEvaluations[],
  compared: readonly ComparisonRow[] = compareModels(stages),
): ScoreRow[] {
  const rows = compared.map(({ scores, ...row }): ScoreRow => {
    const { dataset, task, metric } = row;
    const known = stages.flatMap(({ evaluations }) => {
      const found = evaluations.find((each) => each.dataset === dataset && each.task === task);
      return found === undefined ? [] : [{ evaluation: found, evaluations }];
    });
    const { evaluation, evaluations } = known[0]!;
    const found = stages.map(({ stage }) => scores.find(({ model }) => model === stage));
    return {
      ...row,
      headline: standing(evaluation, metric),
      items: evaluation.items,
      parts: evaluation.parts?.length ?? 0,
      of: evaluation.partial?.of,
      scores: found.map((each) => each && { value: each.score, interval: each.interval }),
      changes: found.slice(1).map((each) =>
        each?.difference === undefined
          ? undefined
          : { difference: each.difference, interval: each.differenceInterval }
      ),
      bounds: boundsOf(evaluation, metric, evaluations),
    };
  });
  return [...Map.groupBy(rows, ({ dataset, task }) => JSON.stringify([dataset, task])).values()]
    .flatMap((group) => group.toSorted((a, b) => rankOf(a) - rankOf(b)));
}

/** The metrics that stand for an evaluation: of retrieval the recalls at 1, else its headline. */
export function leadingMetrics({ metrics, headline }: Evaluation): readonly string[] {
  const first = Object.keys(metrics).filter((metric) => /_recall@1$/.test(metric));
  return first.length > 0 ? first : [headline];
}

function standing(evaluation: Evaluation, metric: string): ScoreRow["headline"] {
  const { dataset, headline } = evaluation;
  if (leadingMetrics(evaluation).includes(metric)) return true;
  return (metric === headline || summaryTitle({ dataset, metric }) !== undefined) && "beside";
}

function rankOf({ headline }: ScoreRow): number {
  return headline === true ? 0 : headline === "beside" ? 1 : 2;
}

/** Which way a change goes, as far as chance allows to say. */
export type Direction = "gain" | "loss" | "even";

/** The direction of a change: even where its interval holds zero; without an interval its sign. */
export function directionOf({ difference, interval }: Change): Direction {
  const { low, high } = interval ?? { low: difference, high: difference };
  return low > 0 ? "gain" : high < 0 ? "loss" : "even";
}

/** Tasks that a pretrained CLIP is good at, so that fine-tuning shows what it forgets. */
const REMEMBERED = /^(zeroshot_|linear_probe)/;

/** Whether a row tells of what was known before, and not of composition. */
export function tellsOfForgetting({ task }: { readonly task: string }): boolean {
  return REMEMBERED.test(task);
}
