import type { Evaluation, ItemScore } from "../evaluator.ts";

/**
 * The evaluation that items come to: each metric is the share of the items that count in it and are
 * right, and `macro_<metric>` the unweighted mean of that share over the groups of items, where
 * items have groups.
 *
 * @param labels What the evaluation says beside its scores.
 * @param standards What the items are compared with, for each item: averaged as their metrics are.
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
  { dataset, task, headline, partial }:
    & Pick<Evaluation, "dataset" | "task" | "headline">
    & { readonly partial?: Evaluation["partial"] | undefined },
  itemScores: readonly ItemScore[],
  standards: {
    readonly chance?: readonly Readonly<Record<string, number>>[];
    readonly wordBag?: readonly Readonly<Record<string, number>>[];
  } = {},
): Evaluation {
  const metrics = averageItems(itemScores, ({ correct }) => correct);
  if (!(headline in metrics)) {
    throw new RangeError(
      `${dataset}: expected items that count in ${headline}, found none among ${itemScores.length}`,
    );
  }
  return {
    dataset,
    task,
    metrics,
    ...Object.fromEntries(
      Object.entries(standards).map(([name, values]: [string, readonly Values[]]) =>
        [name, averageItems(itemScores, (_, index) => values[index]!)] as const
      ),
    ),
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
 * import { averageParts } from "./summarize.ts";
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
  const metrics = averageMetrics(parts, ({ metrics }) => metrics);
  const chance = averageMetrics(parts, ({ chance }) => chance);
  const wordBag = averageMetrics(parts, ({ wordBag }) => wordBag);
  if (first === undefined || !(headline in metrics)) {
    throw new RangeError(`${dataset}: expected data sets with ${headline}, found none`);
  }
  return {
    dataset,
    task: first.task,
    metrics,
    ...(Object.keys(chance).length === 0 ? {} : { chance }),
    ...(Object.keys(wordBag).length === 0 ? {} : { wordBag }),
    items,
    headline,
    parts: parts.map((part) => part.dataset),
    ...(parts.every(({ partial }) => partial === undefined) ? {} : { partial: joinPartial(parts) }),
  };
}

/** Metrics of an item or a part: a share, or whether it is right. */
type Values = Readonly<Record<string, number | boolean>>;

interface Total {
  sum: number;
  items: number;
}

/** Each metric's mean over the items that have it, and over the groups of those. */
function averageItems(
  items: readonly ItemScore[],
  valuesOf: (item: ItemScore, index: number) => Values,
): Record<string, number> {
  const totals = new Map<string, { all: Total; groups: Map<string, Total> }>();
  for (const [index, item] of items.entries()) {
    for (const [metric, value] of Object.entries(valuesOf(item, index))) {
      const { all, groups } = entryOf(totals, metric, () => ({
        all: { sum: 0, items: 0 },
        groups: new Map<string, Total>(),
      }));
      const { group } = item;
      const own = group === undefined ? [] : [entryOf(groups, group, () => ({ sum: 0, items: 0 }))];
      for (const each of [all, ...own]) {
        each.items++;
        each.sum += Number(value);
      }
    }
  }
  const metrics: Record<string, number> = {};
  for (const [metric, { all, groups }] of totals) {
    metrics[metric] = all.sum / all.items;
    if (groups.size === 0) continue;
    metrics[`macro_${metric}`] = mean([...groups.values()].map(({ sum, items }) => sum / items));
  }
  return metrics;
}

/** Each metric that all parts have, weighted by their items and unweighted. */
function averageMetrics(
  parts: readonly Evaluation[],
  valuesOf: (part: Evaluation) => Readonly<Record<string, number>> | undefined,
): Record<string, number> {
  const items = sum(parts.map((part) => part.items));
  const values = parts.map((part) => valuesOf(part) ?? {});
  const metrics: Record<string, number> = {};
  for (const metric of Object.keys(values[0] ?? {})) {
    if (metric.startsWith("macro_") || !values.every((each) => metric in each)) continue;
    metrics[metric] = sum(parts.map((part, i) => values[i]![metric]! * part.items)) / items;
    metrics[`macro_${metric}`] = mean(
      parts.map((part, i) => values[i]![part.parts === undefined ? metric : `macro_${metric}`]!),
    );
  }
  return metrics;
}

function joinPartial(parts: readonly Evaluation[]): NonNullable<Evaluation["partial"]> {
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
