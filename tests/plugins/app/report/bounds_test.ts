import { expect } from "expect";
import type { Evaluation, ItemScore } from "../../../../core/evaluator.ts";
import { matchPairs, selectBothTexts, selectTrueText } from "../../../../core/scoring/rules.ts";
import { averageParts, summarizeItems } from "../../../../core/scoring/summarize.ts";
import { boundsOf, orderByChance } from "../../../../plugins/app/report/bounds.ts";
import { percent } from "../../../../plugins/app/report/numbers.ts";

function evaluationOf(
  itemScores: readonly ItemScore[],
  labels: Partial<Evaluation> = {},
): Evaluation {
  const task = "image_caption_selection";
  const items = itemScores.length;
  return { dataset: "d", task, metrics: {}, headline: "acc", items, itemScores, ...labels };
}

Deno.test("orderByChance: the share of all orders that a rule takes", () => {
  // One of two, of five; both above one of three; Winoground's text score and its group score.
  expect(orderByChance([[0, 1]])).toBe(1 / 2);
  expect(orderByChance([1, 2, 3, 4].map((other) => [0, other] as const))).toBe(1 / 5);
  expect(orderByChance([[0, 2], [1, 2]])).toBeCloseTo(1 / 3, 12);
  expect(orderByChance([[0, 1], [3, 2]])).toBe(1 / 4);
  expect(orderByChance([[0, 1], [3, 2], [0, 2], [3, 1]])).toBeCloseTo(1 / 6, 12);
  expect(orderByChance([])).toBeNaN();
});

Deno.test("boundsOf: a bag of words throws a coin for texts of the same words, and errs nowhere else", () => {
  const choice = (caption: string, ...others: string[]): ItemScore => ({
    id: caption,
    images: ["a.jpg"],
    texts: [caption, ...others],
    scores: [caption, ...others].map(() => 0.5),
    correct: selectTrueText([1, 0]),
  });
  const evaluation = evaluationOf([
    choice("A cat on a mat.", "a mat on a cat"),
    choice("a cat on a mat", "a cat on mats"),
    choice("dogs, and two cats", "two dogs and cats", "cats and two dogs"),
    choice("one", "two"),
  ]);
  // ½, 1, ⅓ (three alike) and 1.
  expect(boundsOf(evaluation, "acc", [evaluation]).words).toBeCloseTo(
    (0.5 + 1 + 1 / 3 + 1) / 4,
    12,
  );
  // ½, ½, ⅓ and ½.
  expect(boundsOf(evaluation, "acc", [evaluation]).chance).toBeCloseTo((3 * 0.5 + 1 / 3) / 4, 12);
  const plain = evaluationOf([choice("one", "two")]);
  expect(boundsOf(plain, "acc", [plain]).words).toBeUndefined();
});

Deno.test("boundsOf: both wordings of the truth, and pictures that are matched", () => {
  const scores = [0.5, 0.4, 0.2, 0.9, 0.85, 0.7];
  const both = evaluationOf([{
    id: "0",
    images: ["a.jpg"],
    texts: ["a cat on a mat", "a mat below a cat", "a mat on a cat"],
    scores,
    correct: selectBothTexts(scores),
  }]);
  expect(boundsOf(both, "itt_acc", [both])).toEqual({ chance: 1 / 3, words: 0.5 });
  // Of texts among themselves nothing is said.
  expect(boundsOf(both, "tot_acc", [both])).toEqual({ chance: 1 / 3, words: undefined });
  const pair = [0.6, 0.3, 0.4, 0.45];
  const matched = evaluationOf([{
    id: "0",
    images: ["a.jpg", "b.jpg"],
    texts: ["a b", "b a"],
    scores: pair,
    correct: matchPairs(pair),
  }]);
  expect(boundsOf(matched, "acc", [matched]).words).toBeUndefined();
});

Deno.test("boundsOf: retrieval and classification by the size of what is searched", () => {
  const captions = ["a", "a", "b", "b", "c", "c"].map((image, index): ItemScore => ({
    id: `${index}`,
    images: [image],
    texts: [`text ${index}`],
    scores: [0.4, 0.3],
    correct: { "image_retrieval_recall@1": true, "image_retrieval_recall@5": true },
  }));
  const pictures = ["a", "b", "c"].map((image): ItemScore => ({
    id: image,
    images: [image],
    scores: [0.4, 0.3],
    correct: { "text_retrieval_recall@1": true, "text_retrieval_recall@5": true },
  }));
  const retrieval = evaluationOf([...captions, ...pictures], { task: "zeroshot_retrieval" });
  const chance = (metric: string) => boundsOf(retrieval, metric, [retrieval]).chance;
  expect(chance("image_retrieval_recall@1")).toBeCloseTo(1 / 3, 12);
  expect(chance("image_retrieval_recall@5")).toBe(1);
  // Two of six texts are its own; of five drawn at least one is.
  expect(chance("text_retrieval_recall@1")).toBeCloseTo(2 / 6, 12);
  expect(chance("text_retrieval_recall@5")).toBeCloseTo(1, 12);
  const classified = evaluationOf(
    ["cat", "dog", "fox", "cow", "hen", "cat"].map((group, index) => ({
      ...{ id: `${index}`, images: [`${index}`], group, texts: [group, "cat"], scores: [0.3, 0.2] },
      correct: { acc1: true, acc5: true },
    })),
    { task: "zeroshot_classification" },
  );
  expect(boundsOf(classified, "acc1", [classified]).chance).toBeCloseTo(1 / 5, 12);
  expect(boundsOf(classified, "acc5", [classified]).chance).toBe(1);
});

Deno.test("boundsOf: averages weigh their parts as the scores do", () => {
  const part = (dataset: string, items: number, swapped: boolean) =>
    evaluationOf(
      Array.from({ length: items }, (_, index) => ({
        ...{ id: `${index}`, images: ["a"], scores: [0.3, 0.2], correct: { acc: true } },
        texts: ["a b", swapped ? "b a" : "b c"],
      })),
      { dataset },
    );
  const parts = [part("one", 3, true), part("two", 1, false)];
  const whole: Evaluation = {
    ...{ dataset: "all", task: "image_caption_selection", metrics: {}, headline: "macro_acc" },
    items: 4,
    parts: ["one", "two"],
  };
  const all = [...parts, whole];
  expect(boundsOf(whole, "acc", all).words).toBeCloseTo((3 * 0.5 + 1) / 4, 12);
  expect(boundsOf(whole, "macro_acc", all).words).toBeCloseTo((0.5 + 1) / 2, 12);
  // Without items nothing is known.
  expect(boundsOf(whole, "acc", [whole])).toEqual({ chance: undefined, words: undefined });
});

const sugarCrepe = new URL("../../../../../shared/data/bench/sugarcrepe/", import.meta.url);

Deno.test({
  name: "boundsOf: of SugarCrepe as published a bag of words reaches 96.2, and 50 is chance",
  ignore: !await Deno.stat(sugarCrepe).then(() => true, () => false),
  fn: async () => {
    const parts: Evaluation[] = [];
    for await (const { name } of Deno.readDir(sugarCrepe)) {
      if (!name.endsWith(".json")) continue;
      const items: Record<string, { caption: string; negative_caption: string }> = JSON.parse(
        await Deno.readTextFile(new URL(name, sugarCrepe)),
      );
      const scored = Object.entries(items).map(([id, { caption, negative_caption }]) => ({
        ...{ id, images: ["a.jpg"], texts: [caption, negative_caption] },
        ...{ scores: [1, 0], correct: selectTrueText([1, 0]) },
      }));
      const labels = { task: "image_caption_selection", headline: "acc" };
      parts.push(summarizeItems({ ...labels, dataset: name.replace(".json", "") }, scored));
    }
    const all = averageParts("sugar_crepe", "macro_acc", parts);
    const { chance, words } = boundsOf(all, "acc", [...parts, all]);
    expect([percent(chance), percent(words)]).toEqual(["50.0", "96.2"]);
  },
});
