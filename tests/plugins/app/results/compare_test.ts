import { compareModels } from "../../../../plugins/app/results/compare.ts";
import { formatComparison } from "../../../../plugins/app/results/format_comparison.ts";
import { pairStrata, strataOf, type Stratum } from "../../../../plugins/app/results/strata.ts";
import { expect } from "expect";
import { averageParts } from "../../../../core/scoring/summarize.ts";
import { summarizeClassification } from "../../../../plugins/benchmarks/classification/classification_items.ts";
import { evaluationOf as evaluation } from "../../../helpers/evaluation_fixture.ts";

/** What strata come to: the score that they are the items of. */
const scoreOf = (strata: readonly Stratum[]) =>
  strata.reduce((sum, { weight, values }) => {
    const list = [...values.values()];
    return sum + weight * list.reduce((a, b) => a + b, 0) / list.length;
  }, 0);

Deno.test("strataOf: gives the items that each metric is the score of", () => {
  const grouped = evaluation("a", "1101", "xxyy");
  const plain = evaluation("b", "10");
  const both = averageParts("ab", "acc", [evaluation("a", "1101"), plain]);
  const nested = averageParts("abc", "macro_acc", [both, evaluation("c", "0")]);
  const all = [grouped, plain, both, nested, evaluation("c", "0")];
  for (const each of [grouped, plain, both, nested]) {
    for (const [metric, score] of Object.entries(each.metrics)) {
      expect(scoreOf(strataOf(each, metric, all)!)).toBeCloseTo(score, 12);
    }
  }
  // macro_acc of a: (1 + ½) / 2; of ab: (¾ + ½) / 2 and its groups; acc of ab: 4 of 6.
  expect(scoreOf(strataOf(grouped, "macro_acc", all)!)).toBe(0.75);
  expect(scoreOf(strataOf(both, "acc", all)!)).toBeCloseTo(4 / 6, 12);
  // Two kinds: of b 4 of 6 are right, of c 1 of 2.
  const parts = [evaluation("k/b_x", "1111"), evaluation("k/b_y", "00"), evaluation("k/c_x", "10")];
  const kinds = averageParts("k", "macro_acc", parts);
  expect(scoreOf(strataOf(kinds, "kind_acc", parts)!)).toBeCloseTo((4 / 6 + 1 / 2) / 2, 12);
  // No items, or a metric that is no share of them: nothing is made up.
  expect(strataOf({ ...plain, metrics: { ndcg: 0.3 } }, "ndcg", all)).toBe(undefined);
  expect(strataOf(both, "acc", [both])).toBe(undefined);
});

Deno.test("strataOf: the recall of a class is a mean over classes, by either of its names", () => {
  // Classes x, x, x, y: 1, 1, 0 and 0 are right: (⅔ + 0) / 2.
  const items = [..."1100"].map((each, i) => ({
    id: String(i),
    scores: [],
    correct: { acc1: each === "1", lp_acc1: each === "1" },
    group: "xxxy"[i]!,
  }));
  for (const prefix of ["", "lp_"] as const) {
    const labels = { dataset: "d", task: "t", partial: undefined };
    const classified = summarizeClassification(labels, items, prefix, 2);
    const metric = `${prefix}mean_per_class_recall`;
    expect(classified.metrics[metric]).toBeCloseTo(1 / 3, 12);
    const strata = strataOf(classified, metric, [])!;
    expect(strata.map(({ weight, values }) => [weight, values.size])).toEqual([[0.5, 3], [0.5, 1]]);
    expect(scoreOf(strata)).toBeCloseTo(1 / 3, 12);
  }
});

Deno.test("pairStrata: pairs by name, and refuses other items", () => {
  const before = strataOf(evaluation("a", "1100"), "acc", [])!;
  const after = strataOf(evaluation("a", "0110"), "acc", [])!;
  expect([...pairStrata(before, after)![0]!.values.values()]).toEqual([-1, 0, 1, 0]);
  const longer = strataOf(evaluation("a", "01101"), "acc", [])!;
  expect(pairStrata(before, longer)).toBe(undefined);
  const others = [{ weight: 1, values: new Map([..."abcd"].map((id) => [id, 1])) }];
  expect(pairStrata(before, others)).toBe(undefined);
});

const before = { stage: "before", evaluations: [evaluation("d", "1000000000")] };
const after = { stage: "after", evaluations: [evaluation("d", "1111110000")] };

Deno.test("compareModels: differences to the first model, paired", () => {
  const [row, ...others] = compareModels([before, after]);
  expect(others).toEqual([]);
  expect(row).toMatchObject({ dataset: "d", task: "t", metric: "acc", headline: true });
  const [first, second] = row!.scores;
  expect(first).toMatchObject({ model: "before", score: 0.1, items: 10 });
  expect("difference" in first!).toBe(false);
  expect(second!.difference).toBeCloseTo(0.5, 12);
  // Five won, none lost: 2 / 2⁵.
  expect(second!.p).toBeCloseTo(1 / 16, 12);
  const { low, high } = second!.differenceInterval!;
  expect([low < 0.5, high > 0.5, low >= 0, high <= 1]).toEqual([true, true, true, true]);

  // A file of CLIP_benchmark has no items: a difference, but nothing about its size.
  const bare = { dataset: "d", task: "t", metrics: { acc: 0.3 }, items: 0, headline: "acc" };
  const [compared] = compareModels([before, { stage: "bare", evaluations: [bare] }]);
  expect(compared!.scores[1]).toEqual({
    model: "bare",
    score: 0.3,
    items: undefined,
    difference: expect.closeTo(0.2, 12),
  });
});

Deno.test("compareModels: a mean over parts has a p-value of its own", () => {
  const model = (stage: string, first: string, second: string) => {
    const parts = [evaluation("a", first), evaluation("b", second)];
    return { stage, evaluations: [...parts, averageParts("ab", "macro_acc", parts)] };
  };
  const rows = compareModels([model("before", "00", "0000"), model("after", "11", "1000")]);
  const score = (metric: string) =>
    rows.find((row) => row.dataset === "ab" && row.metric === metric)!.scores[1]!;
  // Three won, none lost: 2 / 2³, if all weigh the same.
  expect(score("acc").p).toBeCloseTo(0.25, 12);
  // ½ · (±1 ±1) / 2 + ½ · ±1 / 4: of eight patterns only two come as far from 0 as 5 / 8.
  expect(score("macro_acc").difference).toBeCloseTo(5 / 8, 12);
  expect(Math.abs(score("macro_acc").p! - 0.25)).toBeLessThan(0.006);
});

Deno.test("formatComparison: Markdown, CSV and JSON say the same", () => {
  const models = [
    before,
    {
      stage: "a|b",
      evaluations: [
        { ...evaluation("d", "1111110000"), partial: { of: 20, missing: [] } },
        { dataset: "e", task: "t", metrics: { r: 0.25 }, items: 4, headline: "r" },
      ],
    },
  ];
  const rows = compareModels(models);
  const names = models.map(({ stage }) => stage);
  const lines = formatComparison(rows, names, "markdown").split("\n");
  expect(lines[0]).toBe("| dataset | metric | before | a\\|b | difference | p |");
  expect(lines[2]).toMatch(
    /^\| d \| \*\*acc\*\* \| 10\.00 \[0\.00, \d+\.00\] \| 60\.00 \[\d+\.00, \d+\.00\] \* \(10 of 20\) \| \+50\.00 \[\+\d+\.00, \+\d+\.00\] \| 0\.063 \|$/,
  );
  expect(lines[3]).toBe("| e | **r** | – | 25.00 | – | – |");
  const records = JSON.parse(formatComparison(rows, names, "json"));
  expect(records.length).toBe(3);
  expect(records[1]).toMatchObject({ model: "a|b", score: 0.6, partial: true, p: 0.0625 });
  const csv = formatComparison(rows, names, "csv").split("\r\n");
  expect(csv[0]).toBe(
    "dataset,task,metric,headline,model,items,partial,score,low,high,difference,difference_low," +
      "difference_high,p,of,chance,word_bag",
  );
  expect(csv[3]).toBe("e,t,r,true,a|b,4,false,0.25,,,,,,,4,,");
});
