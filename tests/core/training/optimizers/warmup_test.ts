import { expect } from "expect";
import { warmupFactor, warmupSteps } from "../../../../core/training/optimizers/warmup.ts";

Deno.test("warmupSteps, warmupFactor: a share of all steps or their number; no step without effect", () => {
  expect([warmupSteps(0.25, 8), warmupSteps(3, 8), warmupSteps(0, 8)]).toEqual([2, 3, 0]);
  expect([0, 1, 2, 3].map((step) => warmupFactor(step, 4, 0))).toEqual([0.25, 0.5, 0.75, 1]);
  expect([0, 1, 2, 3].map((step) => warmupFactor(step, 4, 0.2)))
    .toEqual([0.2, 0.4, 0.6000000000000001, 0.8]);
});
