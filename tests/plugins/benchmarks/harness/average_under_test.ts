import { expect } from "expect";
import type { Evaluation } from "../../../../core/evaluator.ts";
import { averageUnder } from "../../../../plugins/benchmarks/harness/average_under.ts";

const subset = (dataset: string, acc: number, items: number): Evaluation => ({
  ...{ dataset, task: "t", metrics: { acc }, headline: "acc", items },
});

Deno.test("averageUnder: of the subsets that begin so, none where there are none", () => {
  const subsets = [subset("x/a_1", 1, 3), subset("x/a_2", 0, 1), subset("x/b_1", 0, 4)];
  const [average, ...rest] = averageUnder("x/a_", "x/a", "macro_acc", subsets);
  expect(rest).toEqual([]);
  expect(average).toMatchObject({
    ...{ dataset: "x/a", headline: "macro_acc", parts: ["x/a_1", "x/a_2"] },
    metrics: { acc: 0.75, macro_acc: 0.5 },
  });
  expect(averageUnder("x/c_", "x/c", "macro_acc", subsets)).toEqual([]);
});
