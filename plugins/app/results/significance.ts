/**
 * Whether two models differ on the items that both were scored on.
 *
 * @module
 */
import { createRandom } from "../../../core/random.ts";
import { coinTosses } from "./binomial.ts";
import type { Stratum } from "./strata.ts";

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
 * import { mcnemarTest } from "./significance.ts";
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

/** Sign patterns that are drawn where they cannot be counted. */
const FLIPS = 100_000;

/**
 * The paired sign-flip (permutation) test of a difference of two scores on the same items: how
 * probable it is that the weighted mean of the changes falls at least so far from 0, if each item
 * that changed were equally likely to have changed the other way.
 *
 * Where all items weigh the same, as in a share of items, that is McNemar's exact test
 * ({@linkcode mcnemarTest}). For other scores, such as means over groups, 100,000 sign patterns are
 * drawn, the observed one counted among them (Phipson & Smyth 2010): the p-value is then never below
 * 1/100,001, and near 0.05 its standard error is 0.0007.
 *
 * @param pairs For each item 1 if only the second model is right, -1 if only the first is, else 0:
 *   see {@linkcode pairStrata}.
 * @param seed Another seed draws other patterns.
 * @returns the two-sided p-value, 1 if the models agree on every item.
 *
 * @example
 * ```ts
 * import { signFlipTest } from "./significance.ts";
 *
 * // Two groups that weigh the same, of one item and of two. All three changed for the better: of
 * // the 2³ patterns of signs only this one and its opposite lie so far from 0.
 * const p = signFlipTest([
 *   { weight: 0.5, values: new Map([["a", 1]]) },
 *   { weight: 0.5, values: new Map([["b", 1], ["c", 1]]) },
 * ]);
 * console.assert(Math.abs(p - 2 / 8) < 0.01);
 * ```
 */
export function signFlipTest(pairs: readonly Stratum[], seed = 0): number {
  const blocks = changesByWeight(pairs);
  if (blocks.length < 2) return mcnemarTest(blocks.flatMap(({ changes }) => changes));
  const observed = blocks.reduce(
    (sum, { weight, changes }) => sum + weight * changes.reduce((a, b) => a + b),
    0,
  );
  // Sums of the same weights may differ in their last bits.
  const far = Math.abs(observed) - 1e-12;
  const random = createRandom(seed, "sign flips");
  const sums = new Float64Array(FLIPS);
  for (const { weight, changes: { length } } of blocks) {
    const toss = coinTosses(random, length);
    for (let flip = 0; flip < FLIPS; flip++) sums[flip]! += weight * (2 * toss() - length);
  }
  const asFar = sums.reduce((count, sum) => Math.abs(sum) >= far ? count + 1 : count, 1);
  return asFar / (FLIPS + 1);
}

/** The items that changed, those that weigh the same together. */
function changesByWeight(
  pairs: readonly Stratum[],
): readonly { readonly weight: number; readonly changes: number[] }[] {
  const blocks = new Map<string, { readonly weight: number; readonly changes: number[] }>();
  for (const { weight: whole, values } of pairs) {
    const weight = whole / values.size;
    // Equal but for rounding, as the weights of equal items in parts of different sizes are.
    const key = weight.toPrecision(12);
    const block = blocks.get(key) ?? { weight, changes: [] };
    for (const change of values.values()) if (change !== 0) block.changes.push(change);
    if (block.changes.length > 0) blocks.set(key, block);
  }
  return [...blocks.values()];
}
