import { expect } from "expect";
import { concat } from "../../../../core/graph/shape.ts";
import { constant, scalar } from "../../../../core/graph/node.ts";
import { adamw } from "../../../../core/training/optimizers/adamw.ts";
import { warmMoments } from "../../../../core/training/optimizers/warm_moments.ts";
import { warmupCosine } from "../../../../core/training/optimizers/warmup_cosine.ts";
import { evaluateGraph } from "../../../helpers/evaluate_graph.ts";

const schedule = warmupCosine({ warmup: 0.25, start: 0.1 });

Deno.test("warmMoments: nothing for so many steps, then the other schedule as if it began there", () => {
  const { factor } = warmMoments({ steps: 3, schedule });
  expect([0, 1, 2].map((step) => factor(step, 11))).toEqual([0, 0, 0]);
  for (let step = 0; step < 8; step++) expect(factor(step + 3, 11)).toBe(schedule.factor(step, 8));
  expect(warmMoments({ steps: 0, schedule }).factor(2, 8)).toBe(schedule.factor(2, 8));
  expect(warmMoments({ steps: 9, schedule }).factor(4, 5)).toBe(0);
  expect(() => warmMoments({ steps: -1, schedule })).toThrow("warmMoments.steps");
});

Deno.test("warmMoments: at the rate 0 AdamW fills its moments and leaves the weight as it is", async () => {
  const optimizer = adamw({ lr: 1, betas: [0.75, 0.5], weightDecay: 0.5 });
  const spec = { name: "w", shape: [1], part: "text" } as const;
  const [group] = optimizer.groups([spec]);
  const { factor } = warmMoments({ steps: 1, schedule });
  const numbers = group!.scalars(optimizer.lr * factor(0, 9), 1);
  const { parameter, slots } = optimizer.update({
    parameter: constant([3], [1]),
    gradient: constant([4], [1]),
    slots: { first: constant([0], [1]), second: constant([0], [1]) },
    scalars: Object.fromEntries(
      Object.entries(numbers).map(([name, value]) => [name, scalar(value)]),
    ),
  });
  // m = ¼ · 4, v = ½ · 16.
  expect(await evaluateGraph(concat([parameter, slots.first!, slots.second!], 0)))
    .toEqual([3, 1, 8]);
});
