import { expect } from "expect";
import { averageParts, summarizeItems } from "../../../core/scoring/summarize.ts";
import type { ItemScore } from "../../../core/evaluator.ts";

const item = (id: number, correct: Record<string, boolean>, group?: string): ItemScore => ({
  id: `${id}`,
  scores: [],
  correct,
  ...(group === undefined ? {} : { group }),
});

Deno.test("summarizeItems: micro over all items, macro over groups, items without one in none", () => {
  const items = [
    item(0, { acc: true }, "on"),
    item(1, { acc: true }, "on"),
    item(2, { acc: false }, "under"),
    item(3, { acc: true }, "under"),
    item(4, { acc: false }),
  ];
  const labels = { dataset: "vg_relation", task: "image_caption_selection", headline: "macro_acc" };
  // 3 of 5; (2/2 + 1/2) / 2.
  expect(summarizeItems(labels, items)).toEqual({
    ...labels,
    metrics: { acc: 0.6, macro_acc: 0.75 },
    items: 5,
    itemScores: items,
  });
});

Deno.test("summarizeItems: a metric is over the items that count in it", () => {
  const items = [item(0, { texts: true }), item(1, { texts: false }), item(2, { images: true })];
  const partial = { of: 9, missing: ["a.jpg"] };
  const evaluation = summarizeItems({ dataset: "d", task: "t", headline: "texts", partial }, items);
  expect(evaluation.metrics).toEqual({ texts: 0.5, images: 1 });
  expect(evaluation.partial).toEqual(partial);
});

Deno.test("summarizeItems: refuses a headline that no item counts in", () => {
  expect(() => summarizeItems({ dataset: "d", task: "t", headline: "acc" }, [])).toThrow(
    new RangeError("d: expected items that count in acc, found none among 0"),
  );
});

Deno.test("averageParts: weighted by items, unweighted, and over parts that are averages", () => {
  const part = (dataset: string, acc: number, items: number) => ({
    dataset,
    task: "t",
    metrics: { acc },
    items,
    headline: "acc",
  });
  const [a, b, c] = [part("a", 0.5, 30), part("b", 1, 10), part("c", 0.25, 60)];
  const ab = averageParts("ab", "macro_acc", [a, b]);
  // (15 + 10) / 40; (0.5 + 1) / 2.
  expect(ab.metrics).toEqual({ acc: 0.625, macro_acc: 0.75 });
  expect(ab).toMatchObject({ parts: ["a", "b"], items: 40, headline: "macro_acc", task: "t" });
  // (25 + 15) / 100; (0.75 + 0.25) / 2: the average's macro, the other's plain accuracy.
  expect(averageParts("all", "macro_acc", [ab, c]).metrics).toEqual({ acc: 0.4, macro_acc: 0.5 });
  expect(ab.partial).toBeUndefined();
});

Deno.test("averageParts: is partial if a part is, and names each missing picture once", () => {
  const base = { task: "t", metrics: { acc: 1 }, headline: "acc" };
  const partial = { of: 10, missing: ["x.jpg", "y.jpg"] };
  const parts = [
    { ...base, dataset: "a", items: 8, partial },
    { ...base, dataset: "b", items: 5 },
    { ...base, dataset: "c", items: 2, partial: { of: 3, missing: ["x.jpg"] } },
  ];
  expect(averageParts("all", "acc", parts).partial).toEqual({
    of: 18,
    missing: ["x.jpg", "y.jpg"],
  });
  expect(() => averageParts("all", "acc", [])).toThrow(RangeError);
});

Deno.test("summarizeItems, averageParts: what items are compared with is averaged as their metrics", () => {
  const items = [
    item(0, { acc: true }, "a"),
    item(1, { acc: false }, "a"),
    item(2, { acc: true }, "b"),
  ];
  const labels = { task: "t", headline: "acc" };
  const first = summarizeItems({ ...labels, dataset: "first" }, items, {
    chance: [{ acc: 1 / 2 }, { acc: 1 / 4 }, { acc: 1 / 4 }],
    wordBag: [{ acc: 1 }, { acc: 1 / 2 }, { acc: 1 / 2 }],
  });
  expect(first.chance).toEqual({ acc: 1 / 3, macro_acc: (3 / 8 + 1 / 4) / 2 });
  expect(first.wordBag).toEqual({ acc: 2 / 3, macro_acc: (3 / 4 + 1 / 2) / 2 });
  const second = summarizeItems({ ...labels, dataset: "second" }, items.slice(0, 1), {
    chance: [{ acc: 1 / 2 }],
  });
  const both = averageParts("both", "macro_acc", [first, second]);
  // Three items and one; the second one does not tell of bags of words.
  expect(both.chance!["acc"]).toBeCloseTo((3 * (1 / 3) + 1 / 2) / 4, 12);
  expect(both.chance!["macro_acc"]).toBeCloseTo((1 / 3 + 1 / 2) / 2, 12);
  expect(both).not.toHaveProperty("wordBag");
});
