import { expect } from "expect";
import { averageParts } from "../../../../core/scoring/summarize.ts";
import { compareModels } from "../../../../plugins/app/results/compare.ts";
import { missingBeside, summaryRows } from "../../../../plugins/app/results/summary_rows.ts";
import { evaluationOf } from "../../../helpers/evaluation_fixture.ts";

Deno.test("summaryRows: SugarCrepe by each of its means and swap apart, under their names", () => {
  // Nine of twelve items are right; of the subsets 1, 1/2 and 1/4.
  const parts = [
    evaluationOf("sugar_crepe/add_att", "111111"),
    evaluationOf("sugar_crepe/swap_att", "10"),
    evaluationOf("sugar_crepe/swap_obj", "0100"),
  ];
  const evaluations = [
    ...parts,
    averageParts("sugar_crepe/swap", "macro_acc", parts.slice(1)),
    averageParts("sugar_crepe", "macro_acc", parts),
  ];
  const rows = compareModels([{ stage: "a", evaluations }]);
  const shown = summaryRows(rows).map(({ dataset, scores }) => [dataset, scores[0]!.score]);
  expect(shown).toEqual([
    ["SugarCrepe, mean of the seven subsets", expect.closeTo(1.75 / 3, 12)],
    ["SugarCrepe, mean of all items", expect.closeTo(8 / 12, 12)],
    ["SugarCrepe, swap alone", 0.375],
  ]);
});

Deno.test("summaryRows: zero-shot classification, not a linear probe on the same pictures", () => {
  const labels = { items: 1, headline: "acc1" };
  const evaluations = [
    { ...labels, dataset: "cifar10", task: "zeroshot_classification", metrics: { acc1: 0.5 } },
    { ...labels, dataset: "cifar10", task: "linear_probe", metrics: { lp_acc1: 0.9 } },
  ];
  const rows = summaryRows(compareModels([{ stage: "a", evaluations }]));
  expect(rows.map(({ dataset, metric }) => [dataset, metric]))
    .toEqual([["CIFAR-10, zero-shot", "acc1"]]);
});

Deno.test("missingBeside: SugarCrepe is read beside SugarCrepe++ and half-truths", () => {
  const of = (...names: string[]) =>
    missingBeside(compareModels([{
      stage: "a",
      evaluations: names.map((name) => evaluationOf(name, "10")),
    }]));
  expect(of("sugar_crepe", "half_truths")).toEqual([
    "SugarCrepe alone says little of order: a scorer that does not see it reaches 96.2 %. " +
    "Not scored beside it: sugar_crepe_pp.",
  ]);
  expect(of("sugar_crepe", "sugar_crepe_pp", "half_truths")).toEqual([]);
  expect(of("valse")).toEqual([]);
});
