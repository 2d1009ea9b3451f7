import { expect } from "expect";
import { constant, scalar } from "../../../../core/graph/node.ts";
import { concat } from "../../../../core/graph/shape.ts";
import { warmRate } from "../../../../core/training/loop/warm_rate.ts";
import { adamw } from "../../../../core/training/optimizers/adamw.ts";
import { warmupCosine } from "../../../../core/training/optimizers/warmup_cosine.ts";
import { evaluateGraph } from "../../../helpers/evaluate_graph.ts";

const optimizer = adamw({ lr: 1, betas: [0.75, 0.5], weightDecay: 0.5 });
const schedule = warmupCosine({ warmup: 0.25, start: 0.1 });

Deno.test("warmRate: nothing for so many steps, then the schedule as if it began there", () => {
  const rate = (step: number, total: number, warmMoments: number) =>
    warmRate({ optimizer, schedule, warmMoments }, step, total);
  expect([0, 1, 2].map((step) => rate(step, 11, 3))).toEqual([0, 0, 0]);
  for (let step = 0; step < 8; step++) expect(rate(step + 3, 11, 3)).toBe(schedule.factor(step, 8));
  expect(rate(2, 8, 0)).toBe(schedule.factor(2, 8));
  expect(rate(4, 5, 9)).toBe(0);
});

Deno.test("warmRate: at the rate 0 AdamW fills its moments and leaves the weight as it is", async () => {
  const spec = { name: "w", shape: [1], part: "text" } as const;
  const [group] = optimizer.groups([spec]);
  const numbers = group!.scalars(warmRate({ optimizer, schedule, warmMoments: 1 }, 0, 9), 1);
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
