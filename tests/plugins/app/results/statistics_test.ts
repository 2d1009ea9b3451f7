import { bootstrapInterval } from "../../../../plugins/app/results/bootstrap.ts";
import { mcnemarTest, signFlipTest } from "../../../../plugins/app/results/significance.ts";
import type { Stratum } from "../../../../plugins/app/results/strata.ts";
import { expect } from "expect";
import { binomialDraw, coinTosses } from "../../../../plugins/app/results/binomial.ts";
import { createRandom } from "../../../../core/random.ts";

const stratum = (weight: number, ...values: number[]): Stratum => ({
  weight,
  values: new Map(values.map((value, i) => [String(i), value])),
});

Deno.test("mcnemarTest: is the two-sided binomial test of the items that changed", () => {
  expect(mcnemarTest([])).toBe(1);
  expect(mcnemarTest([0, 0])).toBe(1);
  // 5 won, 1 lost of 6: 2 · (1 + 6) / 2⁶.
  expect(mcnemarTest([1, 1, 1, -1, 1, 1, 0, 0])).toBeCloseTo(14 / 64, 12);
  expect(mcnemarTest([-1, -1, -1, 1, -1, -1])).toBeCloseTo(14 / 64, 12);
  // As many won as lost: more than 1 by the sum, so 1.
  expect(mcnemarTest([1, -1])).toBe(1);
  // 60 won, 40 lost: scipy.stats.binomtest(40, 100).pvalue.
  const changes = [...new Array(60).fill(1), ...new Array(40).fill(-1)];
  expect(mcnemarTest(changes)).toBeCloseTo(0.05688793364098078, 10);
  // Far past the range of doubles as powers of ½: 2⁻³⁰⁰⁰.
  expect(mcnemarTest(new Array(3000).fill(1))).toBe(0);
});

Deno.test("signFlipTest: where items weigh the same it is McNemar's exact test", () => {
  // 5 won, 1 lost of 10, in two strata that weigh what they hold: 0.3 / 3 and 0.7 / 7 are equal but
  // for rounding.
  const pairs = [stratum(0.3, 1, 1, -1), stratum(0.7, 1, 1, 1, 0, 0, 0, 0)];
  expect(signFlipTest(pairs)).toBeCloseTo(14 / 64, 12);
  expect(signFlipTest([stratum(0.5, 0, 0), stratum(0.5, 0)])).toBe(1);
  expect(signFlipTest([])).toBe(1);
});

Deno.test("signFlipTest: agrees with the count of all patterns and with SciPy", async () => {
  const file = new URL("../../../golden/evaluation/sign_flips.json", import.meta.url);
  const { cases }: {
    cases: { strata: { weight: number; changes: number[] }[]; exact: number; scipy: number }[];
  } = JSON.parse(await Deno.readTextFile(file));
  for (const { strata, exact, scipy } of cases) {
    const pairs = strata.map(({ weight, changes }) => stratum(weight, ...changes));
    // Four standard errors of 100,000 draws; SciPy's 200,000 err by less.
    const error = 4 * Math.sqrt(exact * (1 - exact) / 100_000);
    expect(Math.abs(signFlipTest(pairs) - exact)).toBeLessThan(error);
    expect(Math.abs(signFlipTest(pairs, 1) - scipy)).toBeLessThan(2 * error);
    expect(signFlipTest(pairs)).toBe(signFlipTest(pairs));
    expect(signFlipTest(pairs)).not.toBe(signFlipTest(pairs, 1));
  }
  expect(cases.length).toBe(3);
});

Deno.test("binomialDraw, coinTosses: outcomes come as often as their probabilities say", () => {
  const draws = 20_000;
  const check = (n: number, p: number, draw: () => number) => {
    const counts = new Array(n + 1).fill(0);
    for (let i = 0; i < draws; i++) counts[draw()]++;
    let share = (1 - p) ** n;
    for (let k = 0; k <= n; k++) {
      const error = 5 * Math.sqrt(share * (1 - share) / draws) + 1e-9;
      expect(Math.abs(counts[k] / draws - share)).toBeLessThan(error);
      share *= (n - k) / (k + 1) * p / (1 - p);
    }
  };
  for (const [n, p] of [[1, 0.5], [7, 0.5], [12, 0.1], [12, 0.93], [40, 0.3]] as const) {
    const draw = binomialDraw(createRandom(3, n), 40);
    check(n, p, () => draw(n, p));
    check(n, 0.5, coinTosses(createRandom(4, n), n));
  }
  const draw = binomialDraw(createRandom(3), 5);
  expect([draw(5, 0), draw(5, 1), draw(0, 0.4)]).toEqual([0, 5, 0]);
  // 10⁶ coins: 500,000 ± 500.
  expect(Math.abs(coinTosses(createRandom(1), 1e6)() - 5e5)).toBeLessThan(2500);
});

Deno.test("bootstrapInterval: has the width of the binomial's, and is the same every time", () => {
  // 1,000 items, 600 right: the standard error is √(0.6 · 0.4 / 1000) = 0.01549, so the interval is
  // 0.6 ± 1.96 · 0.01549 = [0.5696, 0.6304]; draws of 2,000 move its ends by less than 0.004.
  const values = Array.from({ length: 1000 }, (_, i) => i < 600 ? 1 : 0);
  const interval = bootstrapInterval([stratum(1, ...values)]);
  expect(Math.abs(interval.low - 0.5696)).toBeLessThan(0.004);
  expect(Math.abs(interval.high - 0.6304)).toBeLessThan(0.004);
  expect(bootstrapInterval([stratum(1, ...values)])).toEqual(interval);
  expect(bootstrapInterval([stratum(1, ...values)], 1)).not.toEqual(interval);
  // Two halves of weight ½: √(2 · ¼ · 0.24 / 500) is the same; all alike have no width.
  const halves = bootstrapInterval([
    stratum(0.5, ...values.filter((_, i) => i % 2 === 0)),
    stratum(0.5, ...values.filter((_, i) => i % 2 === 1)),
  ]);
  expect(Math.abs(halves.low - 0.5696)).toBeLessThan(0.004);
  expect(bootstrapInterval([stratum(1, 1, 1, 1)])).toEqual({ low: 1, high: 1 });
});

Deno.test("bootstrapInterval: an item's change may be a gain, a loss or none", () => {
  // 300 gains, 100 losses of 1,000: mean 0.2, variance 0.4 - 0.04 = 0.36, standard error
  // √(0.36 / 1000) = 0.01897: 0.2 ± 1.96 · 0.01897 = [0.1628, 0.2372].
  const values = Array.from({ length: 1000 }, (_, i) => i < 300 ? 1 : i < 400 ? -1 : 0);
  const interval = bootstrapInterval([stratum(1, ...values)]);
  expect(Math.abs(interval.low - 0.1628)).toBeLessThan(0.004);
  expect(Math.abs(interval.high - 0.2372)).toBeLessThan(0.004);
  // What is drawn is how often a value comes up, so the order of the items tells nothing.
  expect(bootstrapInterval([stratum(1, ...values.toReversed())])).toEqual(interval);
});
