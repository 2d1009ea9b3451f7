import type { Evaluation, ItemScore, PartialItems } from "../evaluator.ts";

/** What an evaluation says beside its scores. */
export interface EvaluationLabels {
  /** Data set and subset: `"sugar_crepe/add_att"`. */
  readonly dataset: string;
  /** What was done: `"image_caption_selection"`. */
  readonly task: string;
  /** The metric that stands for the data set in tables. */
  readonly headline: string;
  /** Stands where not all items were scored. */
  readonly partial?: PartialItems | undefined;
}

/**
 * The evaluation that items come to: each metric is the share of the items that count in it and are
 * right, and `macro_<metric>` the unweighted mean of that share over the groups of items, where
 * items have groups.
 *
 * @throws {RangeError} if there are no items, or none that count in the headline.
 *
 * @example
 * ```ts
 * import { summarizeItems } from "@syntagma/syntagma/scoring";
 *
 * const { metrics } = summarizeItems({ dataset: "d", task: "t", headline: "macro_acc" }, [
 *   { id: "0", scores: [0.3, 0.2], correct: { acc: true }, group: "on" },
 *   { id: "1", scores: [0.3, 0.2], correct: { acc: true }, group: "on" },
 *   { id: "2", scores: [0.1, 0.2], correct: { acc: false }, group: "under" },
 * ]);
 * console.assert(metrics.acc === 2 / 3 && metrics.macro_acc === 0.5);
 * ```
 */
export function summarizeItems(
  { dataset, task, headline, partial }: EvaluationLabels,
  itemScores: readonly ItemScore[],
): Evaluation {
  const metrics: Record<string, number> = {};
  for (const [metric, { all, groups }] of countRight(itemScores)) {
    metrics[metric] = all.right / all.items;
    if (groups.size === 0) continue;
    metrics[`macro_${metric}`] = mean(
      [...groups.values()].map(({ right, items }) => right / items),
    );
  }
  if (!(headline in metrics)) {
    throw new RangeError(
      `${dataset}: expected items that count in ${headline}, found none among ${itemScores.length}`,
    );
  }
  return {
    dataset,
    task,
    metrics,
    items: itemScores.length,
    headline,
    itemScores,
    ...(partial === undefined ? {} : { partial }),
  };
}

/**
 * The evaluation of several data sets together: a metric that all of them have is their mean
 * weighted by their items, and `macro_<metric>` their unweighted mean, for which a part that
 * averages others itself gives its own `macro_<metric>`. It is partial if a part is.
 *
 * @throws {RangeError} if there are no parts, or if they lack the headline.
 *
 * @example
 * ```ts
 * import { averageParts } from "@syntagma/syntagma/scoring";
 *
 * const part = { task: "image_caption_selection", headline: "acc" };
 * const { metrics } = averageParts("sugar_crepe/add", "macro_acc", [
 *   { ...part, dataset: "sugar_crepe/add_att", metrics: { acc: 0.5 }, items: 100 },
 *   { ...part, dataset: "sugar_crepe/add_obj", metrics: { acc: 0.75 }, items: 300 },
 * ]);
 * console.assert(metrics.acc === 0.6875 && metrics.macro_acc === 0.625);
 * ```
 */
export function averageParts(
  dataset: string,
  headline: string,
  parts: readonly Evaluation[],
): Evaluation {
  const [first] = parts;
  const items = sum(parts.map((part) => part.items));
  const metrics: Record<string, number> = {};
  for (const metric of Object.keys(first?.metrics ?? {})) {
    if (metric.startsWith("macro_") || !parts.every((part) => metric in part.metrics)) continue;
    metrics[metric] = sum(parts.map((part) => part.metrics[metric]! * part.items)) / items;
    metrics[`macro_${metric}`] = mean(
      parts.map((part) => part.metrics[part.parts === undefined ? metric : `macro_${metric}`]!),
    );
  }
  if (first === undefined || !(headline in metrics)) {
    throw new RangeError(`${dataset}: expected data sets with ${headline}, found none`);
  }
  return {
    dataset,
    task: first.task,
    metrics,
    items,
    headline,
    parts: parts.map((part) => part.dataset),
    ...(parts.every(({ partial }) => partial === undefined) ? {} : { partial: joinPartial(parts) }),
  };
}

interface Count {
  right: number;
  items: number;
}

function countRight(
  itemScores: readonly ItemScore[],
): Map<string, { all: Count; groups: Map<string, Count> }> {
  const counts = new Map<string, { all: Count; groups: Map<string, Count> }>();
  for (const { correct, group } of itemScores) {
    for (const [metric, isRight] of Object.entries(correct)) {
      const { all, groups } = entryOf(counts, metric, () => ({
        all: { right: 0, items: 0 },
        groups: new Map<string, Count>(),
      }));
      const count = group === undefined
        ? []
        : [entryOf(groups, group, () => ({ right: 0, items: 0 }))];
      for (const each of [all, ...count]) {
        each.items++;
        if (isRight) each.right++;
      }
    }
  }
  return counts;
}

function joinPartial(parts: readonly Evaluation[]): PartialItems {
  return {
    of: sum(parts.map(({ partial, items }) => partial?.of ?? items)),
    missing: [...new Set(parts.flatMap(({ partial }) => partial?.missing ?? []))],
  };
}

function entryOf<T>(map: Map<string, T>, key: string, make: () => T): T {
  const found = map.get(key) ?? make();
  map.set(key, found);
  return found;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function mean(values: readonly number[]): number {
  return sum(values) / values.length;
}
