import { expect } from "expect";
import { warmupCosine } from "../../../../core/training/optimizers/warmup_cosine.ts";

Deno.test("warmupCosine: CLIC's rates, from 1e-7 to 1e-6 over a fifth, then down to 1e-8", () => {
  const { factor } = warmupCosine({ warmup: 0.2, start: 0.1, end: 0.01 });
  const rate = (step: number) => 1e-6 * factor(step, 1000);
  // Linear: 1e-7 + 9e-7 · step/200.
  expect(rate(0)).toBeCloseTo(1e-7, 15);
  expect(rate(100)).toBeCloseTo(5.5e-7, 15);
  expect(rate(199)).toBeCloseTo(1e-7 + 9e-7 * 199 / 200, 15);
  expect(rate(200)).toBeCloseTo(1e-6, 15);
  // Cosine over 800 steps: 1e-8 + 9.9e-7 · (1 + cos(π·t))/2; t = ¼, ½ and 1 − 1/800. cos(π/4) = √½,
  // and near the end 1 + cos(π(1 − x)) ≈ (πx)²/2.
  expect(rate(400)).toBeCloseTo(1e-8 + 9.9e-7 * (1 + Math.SQRT1_2) / 2, 15);
  expect(rate(600)).toBeCloseTo(1e-8 + 9.9e-7 / 2, 15);
  expect(rate(999)).toBeCloseTo(1e-8 + 9.9e-7 * (Math.PI / 800) ** 2 / 4, 13);
});

Deno.test("warmupCosine: from 0 the first step takes one part of the warm-up, as in open_clip", () => {
  // open_clip's cosine_lr: lr·(step + 1)/warm-up, then lr·½(1 + cos(π·(step − 50)/(total − 50))).
  const { factor } = warmupCosine({ warmup: 50 });
  expect([0, 24, 49].map((step) => factor(step, 150))).toEqual([0.02, 0.5, 1]);
  expect(factor(50, 150)).toBe(1);
  expect(factor(100, 150)).toBeCloseTo(0.5, 12);
  expect(factor(125, 150)).toBeCloseTo((1 - Math.SQRT1_2) / 2, 12);
});

Deno.test("warmupCosine: without warm-up, or with nothing but it", () => {
  expect(warmupCosine({ warmup: 0 }).factor(0, 10)).toBe(1);
  // A share is rounded: 0.25 of 2 steps is 0.5, so 1 step.
  expect(warmupCosine({ warmup: 0.25, start: 0.5 }).factor(0, 2)).toBe(0.5);
  // As long as the run: the last step is the last of the warm-up.
  expect(warmupCosine({ warmup: 4 }).factor(3, 4)).toBe(1);
});

Deno.test("warmupCosine: refuses a share below 0 and an option that it has not", () => {
  expect(() => warmupCosine({ warmup: -0.1 })).toThrow(/warmupCosine\.warmup/);
  const misspelt = { warmup: 1, begin: 1 };
  expect(() => warmupCosine(misspelt)).toThrow("warmupCosine.begin: there is no such setting");
});
