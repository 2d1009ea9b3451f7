/**
 * What single items tell about a score: how far it may be off, and whether two models differ.
 *
 * @module
 */
import type { Evaluation, ItemScore } from "../evaluator.ts";
import { createRandom } from "../random.ts";

/** A 95 % confidence interval. */
export interface Interval {
  /** Its lower end. */
  readonly low: number;
  /** Its upper end. */
  readonly high: number;
}

/** Items that are drawn among themselves when a score is drawn again, and their part in the score. */
export interface Stratum {
  /** What the mean of the items is multiplied by; the weights of a score sum to 1. */
  readonly weight: number;
  /** 1 for an item that is right, 0 for one that is not, by the item's name. */
  readonly values: ReadonlyMap<string, number>;
}

/**
 * The items that a metric is made of: all items for a share of items, each group or part for the
 * unweighted mean over groups or parts (`macro_…`), each part with the weight of its items for a
 * share over parts.
 *
 * @param all The evaluations among which the parts of `evaluation` are.
 * @returns undefined if the items are not at hand, or the metric is no mean of theirs.
 */
export function strataOf(
  evaluation: Evaluation,
  metric: string,
  all: readonly Evaluation[],
): readonly Stratum[] | undefined {
  const { itemScores, parts } = evaluation;
  const macro = /^macro_(.+)$/.exec(metric)?.[1];
  if (parts !== undefined) return strataOfParts(parts, metric, macro, all);
  if (itemScores === undefined) return undefined;
  if (macro === undefined) {
    const values = valuesOf(itemScores, metric);
    return values.size === 0 ? undefined : [{ weight: 1, values }];
  }
  const groups = Map.groupBy(
    itemScores.filter(({ group, correct }) => group !== undefined && macro in correct),
    ({ group }) => group!,
  );
  if (groups.size === 0) return undefined;
  return [...groups.values()].map((items) => ({
    weight: 1 / groups.size,
    values: valuesOf(items, macro),
  }));
}

function strataOfParts(
  parts: readonly string[],
  metric: string,
  macro: string | undefined,
  all: readonly Evaluation[],
): readonly Stratum[] | undefined {
  const found = parts.map((name) => all.find(({ dataset }) => dataset === name));
  if (!found.every((part) => part !== undefined)) return undefined;
  const items = found.reduce((sum, part) => sum + part.items, 0);
  const strata: Stratum[] = [];
  for (const part of found) {
    const name = macro === undefined || part.parts !== undefined ? metric : macro;
    const inner = strataOf(part, name, all);
    if (inner === undefined) return undefined;
    const share = macro === undefined ? part.items / items : 1 / found.length;
    for (const { weight, values } of inner) strata.push({ weight: weight * share, values });
  }
  return strata;
}

function valuesOf(items: readonly ItemScore[], metric: string): Map<string, number> {
  return new Map(items.flatMap(({ id, correct }) => {
    const value = correct[metric];
    return value === undefined ? [] : [[id, value ? 1 : 0] as const];
  }));
}

/** By how much each item changed; undefined unless both have the same items. */
export function pairStrata(
  before: readonly Stratum[],
  after: readonly Stratum[],
): readonly Stratum[] | undefined {
  if (before.length !== after.length) return undefined;
  const pairs: Stratum[] = [];
  for (const [i, { weight, values }] of after.entries()) {
    const earlier = before[i]!.values;
    if (earlier.size !== values.size || ![...values.keys()].every((id) => earlier.has(id))) {
      return undefined;
    }
    const changes = [...values].map(([id, value]) => [id, value - earlier.get(id)!] as const);
    pairs.push({ weight, values: new Map(changes) });
  }
  return pairs;
}

/** Scores that are drawn for an interval. */
const RESAMPLES = 2000;

/**
 * The 95 % percentile bootstrap interval of a score (Efron & Tibshirani 1993, chapter 13): its items
 * are drawn anew with replacement, within each stratum, 2,000 times. Equal items give equal intervals.
 *
 * @param seed Another seed draws other items.
 */
export function bootstrapInterval(strata: readonly Stratum[], seed = 0): Interval {
  const random = createRandom(seed, "bootstrap");
  const scores = new Float64Array(RESAMPLES);
  for (const { weight, values } of strata) {
    const list = Float64Array.from(values.values());
    for (let draw = 0; draw < RESAMPLES; draw++) {
      let sum = 0;
      for (let i = 0; i < list.length; i++) sum += list[random.integer(list.length)]!;
      scores[draw]! += weight * sum / list.length;
    }
  }
  scores.sort();
  return {
    low: scores[Math.floor(0.025 * (RESAMPLES - 1))]!,
    high: scores[Math.ceil(0.975 * (RESAMPLES - 1))]!,
  };
}

/**
 * McNemar's exact test (1947) of two models on the same items: how probable it is that items which
 * only one of the two gets right fall at least so unevenly, if each model were equally likely to be
 * the one.
 *
 * @param changes For each item 1 if only the second model is right, -1 if only the first is, else 0.
 * @returns the two-sided p-value, 1 if the models agree on every item.
 *
 * @example
 * ```ts
 * import { mcnemarTest } from "@syntagma/syntagma/evaluation";
 *
 * // Three items won, none lost: 2 · (1/2)³.
 * console.assert(Math.abs(mcnemarTest([1, 1, 1, 0]) - 0.25) < 1e-12);
 * ```
 */
export function mcnemarTest(changes: Iterable<number>): number {
  let [won, lost] = [0, 0];
  for (const change of changes) {
    if (change > 0) won++;
    if (change < 0) lost++;
  }
  const n = won + lost;
  // Each term from the one before it, in logarithms: powers of ½ leave the range of a double.
  let logarithm = -n * Math.LN2;
  let tail = 0;
  for (let k = 0; k <= Math.min(won, lost); k++) {
    tail += Math.exp(logarithm);
    logarithm += Math.log((n - k) / (k + 1));
  }
  return Math.min(1, 2 * tail);
}
