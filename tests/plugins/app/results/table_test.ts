import { expect } from "expect";
import type { Evaluation } from "../../../../core/evaluator.ts";
import { alignColumns, comparisonTable } from "../../../../plugins/app/results/table.ts";

function scored(dataset: string, metrics: Record<string, number>, task = "selection"): Evaluation {
  return { dataset, task, metrics, items: 10, headline: Object.keys(metrics)[0]! };
}

/** The table of two stages. */
function compare(before: readonly Evaluation[], after: readonly Evaluation[]): string {
  return comparisonTable([
    { stage: "before", evaluations: before },
    { stage: "after", evaluations: after },
  ]);
}

Deno.test("comparisonTable: one row for each metric of each data set, differences in points", () => {
  const before = [
    scored("scenes/swap_att", { acc: 0.5, text_acc: 0.75 }),
    scored("retrieval", { "image_retrieval_recall@5": 1 }),
  ];
  const after = [
    scored("scenes/swap_att", { acc: 0.625, text_acc: 0.7 }),
    scored("retrieval", { "image_retrieval_recall@5": 1 }),
  ];
  // 62.5 - 50 = +12.5 points, 70 - 75 = -5 points, no change = 0.
  expect(compare(before, after)).toBe([
    "dataset          metric                    before %  after %  difference",
    "scenes/swap_att  acc                          50.00    62.50      +12.50",
    "scenes/swap_att  text_acc                     75.00    70.00       -5.00",
    "retrieval        image_retrieval_recall@5    100.00   100.00        0.00",
  ].join("\n"));
});

Deno.test("comparisonTable: marks data sets of which not all items were scored", () => {
  const partial = { ...scored("a", { acc: 0.5 }), partial: { of: 20, missing: [] } };
  expect(compare([partial, scored("b", { acc: 0.5 })], [])).toBe([
    "dataset  metric  before %  after %  difference",
    "a *      acc        50.00        –           –",
    "b        acc        50.00        –           –",
    "* not all items of the benchmark were scored",
  ].join("\n"));
});

Deno.test("comparisonTable: what only one side has stands beside a dash", () => {
  expect(compare([scored("a", { acc: 0.1 })], [scored("b", { acc: 0.2 })])).toBe([
    "dataset  metric  before %  after %  difference",
    "a        acc        10.00        –           –",
    "b        acc            –    20.00           –",
  ].join("\n"));
});

Deno.test("comparisonTable: every later stage is compared with the first", () => {
  const stage = (stage: string, acc: number) => ({ stage, evaluations: [scored("a", { acc })] });
  // 40 - 50 = -10 points, 45 - 50 = -5 points.
  expect(comparisonTable([stage("before", 0.5), stage("after", 0.4), stage("patch-0.6", 0.45)]))
    .toBe([
      "dataset  metric  before %  after %  difference  patch-0.6 %  difference",
      "a        acc        50.00    40.00      -10.00        45.00       -5.00",
    ].join("\n"));
});

Deno.test("comparisonTable: a difference that rounds to nothing has no sign", () => {
  const table = compare([scored("a", { acc: 0.5 })], [scored("a", { acc: 0.499999 })]);
  expect(table.split("\n")[1]).toBe("a        acc        50.00    50.00        0.00");
});

Deno.test("comparisonTable: keeps one data set's tasks apart", () => {
  const evaluations = [scored("coco", { acc: 0.1 }, "t1"), scored("coco", { acc: 0.2 }, "t2")];
  expect(compare(evaluations, evaluations).split("\n")).toHaveLength(3);
});

Deno.test("alignColumns: no rows give no text", () => {
  expect(alignColumns([], ["left", "right"])).toBe("");
});
