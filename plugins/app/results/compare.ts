/**
 * Any number of models side by side, with what their items tell of the differences.
 *
 * @module
 */
import type { Evaluation } from "../../../core/evaluator.ts";
import { bootstrapInterval } from "./bootstrap.ts";
import { signFlipTest } from "./significance.ts";
import { pairStrata, strataOf, type Stratum } from "./strata.ts";
import type { StageEvaluations } from "./table.ts";

/** A score of one model, and what sets it apart from the first model's. */
export interface ComparedScore {
  /** The model. */
  readonly model: string;
  /** In [0, 1]. */
  readonly score: number;
  /** How many items were scored; `undefined` where the result does not say. */
  readonly items: number | undefined;
  /** The score's 95 % bootstrap interval, where its items are at hand. */
  readonly interval?: { readonly low: number; readonly high: number };
  /** The difference to the first model's score, where both have the score. */
  readonly difference?: number;
  /** The difference's 95 % bootstrap interval over the items of both, where they are the same items. */
  readonly differenceInterval?: { readonly low: number; readonly high: number };
  /** The p-value of the paired sign-flip test, where both have the same items. */
  readonly p?: number;
  /** Stands where not all items of the benchmark were scored: of how many. */
  readonly partial?: { readonly of: number };
}

/** One metric of one data set, for the models that have it. */
export interface ComparisonRow {
  /** The data set and subset. */
  readonly dataset: string;
  /** What was done. */
  readonly task: string;
  /** The metric's name. */
  readonly metric: string;
  /** Whether it is the one that stands for the data set. */
  readonly headline: boolean;
  /** What scores drawn at random would come to, where that is known. */
  readonly chance?: number;
  /** What a scorer comes to that knows words and not their order, where that is known. */
  readonly wordBag?: number;
  /** The scores, by model in the order of the models; models without it have none. */
  readonly scores: readonly ComparedScore[];
}

/**
 * Compares the scores of any number of models with those of the first: differences with bootstrap
 * intervals, and the p-values of the paired sign-flip test, which for shares of items is McNemar's
 * exact test (see {@linkcode signFlipTest}).
 *
 * @param models The models with their scores; the first is the one compared with.
 * @param seed Of the bootstrap and of the test.
 */
export function compareModels(
  models: readonly StageEvaluations[],
  seed = 0,
): readonly ComparisonRow[] {
  const rows = new Map<string, { row: Omit<ComparisonRow, "scores">; scores: ComparedScore[] }>();
  const first = models[0];
  for (const { stage, evaluations } of models) {
    for (const evaluation of evaluations) {
      const { dataset, task, metrics, headline } = evaluation;
      for (const [metric, score] of Object.entries(metrics)) {
        const key = JSON.stringify([dataset, task, metric]);
        const chance = evaluation.chance?.[metric];
        const wordBag = evaluation.wordBag?.[metric];
        const entry = rows.get(key) ?? {
          row: {
            dataset,
            task,
            metric,
            headline: metric === headline,
            ...(chance === undefined ? {} : { chance }),
            ...(wordBag === undefined ? {} : { wordBag }),
          },
          scores: [],
        };
        rows.set(key, entry);
        const base = stage === first?.stage
          ? undefined
          : first?.evaluations.find((each) =>
            each.dataset === dataset && each.task === task && metric in each.metrics
          );
        const strata = strataOf(evaluation, metric, evaluations);
        entry.scores.push({
          model: stage,
          score,
          // CLIP_benchmark's files do not say it.
          items: evaluation.items || undefined,
          ...(strata === undefined ? {} : { interval: bootstrapInterval(strata, seed) }),
          ...(base === undefined
            ? {}
            : compare(base, first!.evaluations, metric, score, strata, seed)),
          ...(evaluation.partial === undefined ? {} : { partial: { of: evaluation.partial.of } }),
        });
      }
    }
  }
  return [...rows.values()].map(({ row, scores }) => ({ ...row, scores }));
}

function compare(
  base: Evaluation,
  baseAll: readonly Evaluation[],
  metric: string,
  score: number,
  strata: readonly Stratum[] | undefined,
  seed: number,
): Pick<ComparedScore, "difference" | "differenceInterval" | "p"> {
  const difference = score - base.metrics[metric]!;
  const earlier = strataOf(base, metric, baseAll);
  const pairs = strata && earlier && pairStrata(earlier, strata);
  if (pairs === undefined) return { difference };
  return {
    difference,
    differenceInterval: bootstrapInterval(pairs, seed),
    p: signFlipTest(pairs, seed),
  };
}
