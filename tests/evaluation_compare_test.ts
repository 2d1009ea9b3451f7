import {
  bootstrapInterval,
  compareModels,
  formatComparison,
  formatEvaluations,
  joinModels,
  mcnemarTest,
  pairStrata,
  readResults,
  strataOf,
  type Stratum,
  summarizeItems,
  writeResult,
} from "@syntagma/syntagma/evaluation";
import { expect } from "expect";
import { averageParts } from "../core/evaluation/mod.ts";
import type { Evaluation, ItemScore } from "../mod.ts";
import { withFolder } from "./with_folder.ts";

/** Items `0`, `1`, … that are right where the text has a 1. */
function items(right: string, groups = ""): ItemScore[] {
  return [...right].map((each, i) => ({
    id: String(i),
    scores: [0.1, 0.2],
    correct: { acc: each === "1" },
    ...(groups === "" ? {} : { group: groups[i]! }),
  }));
}

function evaluation(dataset: string, right: string, groups = ""): Evaluation {
  return summarizeItems({ dataset, task: "t", headline: "acc" }, items(right, groups));
}

const stratum = (weight: number, ...values: number[]): Stratum => ({
  weight,
  values: new Map(values.map((value, i) => [String(i), value])),
});

/** What strata come to: the score that they are the items of. */
const scoreOf = (strata: readonly Stratum[]) =>
  strata.reduce((sum, { weight, values }) => {
    const list = [...values.values()];
    return sum + weight * list.reduce((a, b) => a + b, 0) / list.length;
  }, 0);

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
  // No items, or a metric that is no share of them: nothing is made up.
  expect(strataOf({ ...plain, metrics: { ndcg: 0.3 } }, "ndcg", all)).toBe(undefined);
  expect(strataOf(both, "acc", [both])).toBe(undefined);
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
    /^\| d \| \*\*acc\*\* \| 10\.00 \[0\.00, \d+\.00\] \| 60\.00 \[\d+\.00, \d+\.00\] \* \| \+50\.00 \[\+\d+\.00, \+\d+\.00\] \| 0\.063 \|$/,
  );
  expect(lines[3]).toBe("| e | **r** | – | 25.00 | – | – |");
  const records = JSON.parse(formatComparison(rows, names, "json"));
  expect(records.length).toBe(3);
  expect(records[1]).toMatchObject({ model: "a|b", score: 0.6, partial: true, mcnemar_p: 0.0625 });
  const csv = formatComparison(rows, names, "csv").split("\r\n");
  expect(csv[0]).toContain("dataset,task,metric,headline,model,items,partial,score,low,high");
  expect(csv[3]).toBe("e,t,r,true,a|b,4,false,0.25,,,,,,");
});

Deno.test("formatEvaluations: is JSON with a line for each item", () => {
  const evaluations = [evaluation("a", "10", "xy"), { ...evaluation("b", "1"), itemScores: [] }];
  const text = formatEvaluations(evaluations);
  expect(JSON.parse(text)).toEqual(evaluations);
  expect(text.split("\n").filter((line) => line.includes('"id"')).length).toBe(2);
  expect(JSON.parse(formatEvaluations([]))).toEqual([]);
});

Deno.test("readResults: reads run folders, folders of results and single files", () =>
  withFolder(async (folder) => {
    const run = `${folder}/run-1`;
    await Deno.mkdir(`${run}/evaluation`, { recursive: true });
    await Deno.writeTextFile(`${run}/manifest.json`, '{"stages":["before","after","patch-0.6"]}');
    for (const { stage, evaluations } of [before, after]) {
      await Deno.writeTextFile(`${run}/evaluation/${stage}.json`, formatEvaluations(evaluations));
    }
    // A stage that the run has not come to is no fault.
    expect(await readResults(run)).toEqual([
      { stage: "run-1: before", evaluations: before.evaluations },
      { stage: "run-1: after", evaluations: after.evaluations },
    ]);
    expect(await readResults(`${run}/evaluation/after.json`)).toEqual([after]);

    const results = `${folder}/results`;
    await Deno.mkdir(results);
    const label = { model: "ViT-B-32", pretrained: "openai" };
    const file = await writeResult(results, evaluation("d/e", "10"), label);
    expect(file).toBe(`${results}/d_e_openai_ViT-B-32_en_t.json`);
    await writeResult(results, evaluation("f", "1"), label);
    const bare = { task: "t", items: 0, headline: "acc" };
    const stage = "openai ViT-B-32";
    const one = { dataset: "d/e", metrics: { acc: 0.5 }, ...bare };
    expect(await readResults(file)).toEqual([{ stage, evaluations: [one] }]);
    const [joined, ...others] = await readResults(results);
    expect([joined!.stage, others.length]).toEqual([stage, 0]);
    expect(joined!.evaluations.map(({ dataset }) => dataset).toSorted()).toEqual(["d/e", "f"]);

    await Deno.writeTextFile(`${results}/scores.json`, formatEvaluations(after.evaluations));
    expect(await readResults(results)).toEqual([{ ...after, stage: "results" }]);
  }));

Deno.test("readResults: what is no result is named", () =>
  withFolder(async (folder) => {
    await expect(readResults(`${folder}/none`)).rejects.toThrow(
      `${folder}/none: expected a result file or run folder, found none`,
    );
    await expect(readResults(folder)).rejects.toThrow("found neither");
    await Deno.writeTextFile(`${folder}/a.json`, "{");
    await expect(readResults(`${folder}/a.json`)).rejects.toThrow(
      `${folder}/a.json: expected JSON`,
    );
    await Deno.writeTextFile(`${folder}/a.json`, '[{"dataset":"d"}]');
    await expect(readResults(`${folder}/a.json`)).rejects.toThrow(
      `${folder}/a.json: expected scores: 0.task`,
    );
    await Deno.writeTextFile(`${folder}/manifest.json`, "{}");
    await expect(readResults(folder)).rejects.toThrow(`expected scores in ${folder}/evaluation`);
  }));

Deno.test("joinModels: puts data sets of one name together, and keeps the same one apart", () => {
  const other = { stage: "before", evaluations: [evaluation("other", "1")] };
  expect(
    joinModels([before, other, before]).map(({ stage, evaluations }) => [
      stage,
      evaluations.map(({ dataset }) => dataset),
    ]),
  ).toEqual([["before", ["d", "other"]], ["before (2)", ["d"]]]);
});
