import { createRandom } from "../../../core/random.ts";
import { type BinomialDraw, binomialDraw } from "./binomial.ts";
import type { Stratum } from "./strata.ts";

/** A 95 % confidence interval. */
export interface Interval {
  /** Its lower end. */
  readonly low: number;
  /** Its upper end. */
  readonly high: number;
}

/** Scores that are drawn for an interval. */
const RESAMPLES = 2000;

/**
 * The 95 % percentile bootstrap interval of a score (Efron & Tibshirani 1993, chapter 13): its items
 * are drawn anew with replacement, within each stratum, 2,000 times. Equal items give equal intervals.
 *
 * Items have few values (right or wrong, won or lost), so that what is drawn is how often each value
 * comes up, not item after item: the distribution is the same.
 *
 * @param seed Another seed draws other items.
 */
export function bootstrapInterval(strata: readonly Stratum[], seed = 0): Interval {
  const random = createRandom(seed, "bootstrap");
  const largest = strata.reduce((most, { values }) => Math.max(most, values.size), 0);
  const binomial = binomialDraw(random, largest);
  const scores = new Float64Array(RESAMPLES);
  for (const { weight, values } of strata) {
    const counts = countValues(values.values());
    for (let draw = 0; draw < RESAMPLES; draw++) {
      scores[draw]! += weight * drawSum(counts, values.size, binomial) / values.size;
    }
  }
  scores.sort();
  return {
    low: scores[Math.floor(0.025 * (RESAMPLES - 1))]!,
    high: scores[Math.ceil(0.975 * (RESAMPLES - 1))]!,
  };
}

function countValues(values: Iterable<number>): readonly (readonly [number, number])[] {
  const counts = new Map<number, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  // In an order that does not depend on that of the items.
  return [...counts].sort(([a], [b]) => a - b);
}

/** The sum of as many items as there are, drawn with replacement: a multinomial draw of the counts. */
function drawSum(
  counts: readonly (readonly [number, number])[],
  items: number,
  binomial: BinomialDraw,
): number {
  let [sum, toDraw, among] = [0, items, items];
  for (const [value, count] of counts) {
    const drawn = binomial(toDraw, count / among);
    sum += value * drawn;
    toDraw -= drawn;
    among -= count;
  }
  return sum;
}
