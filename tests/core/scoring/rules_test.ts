import { expect } from "expect";
import {
  matchPairs,
  matchPictures,
  selectBothTexts,
  selectNearestPair,
  selectTrueOrder,
  selectTrueText,
} from "../../../core/scoring/rules.ts";

Deno.test("selectTrueText: a tie with any false text is wrong", () => {
  expect(selectTrueText([0.3, 0.2])).toEqual({ acc: true });
  expect(selectTrueText([0.2, 0.3])).toEqual({ acc: false });
  expect(selectTrueText([0.2, 0.2])).toEqual({ acc: false });
  expect(selectTrueText([0.3, 0.1, 0.3])).toEqual({ acc: false });
});

Deno.test("selectTrueOrder: a tie is right as the authors count, wrong strictly", () => {
  expect(selectTrueOrder([0.3, 0.2, 0.1, 0.2, 0.1])).toEqual({ acc: true, strict_acc: true });
  expect(selectTrueOrder([0.3, 0.2, 0.3, 0.2, 0.1])).toEqual({ acc: true, strict_acc: false });
  expect(selectTrueOrder([0.3, 0.4, 0.3, 0.2, 0.1])).toEqual({ acc: false, strict_acc: false });
});

Deno.test("selectBothTexts: each task needs both of its comparisons", () => {
  const rule = (itt: number[], tot: number[]) => selectBothTexts([...itt, ...tot]);
  expect(rule([0.3, 0.4, 0.2], [0.9, 0.8, 0.7])).toEqual({ itt_acc: true, tot_acc: true });
  // The second caption is below the negative; the first is as near to it as to the other.
  expect(rule([0.3, 0.1, 0.2], [0.9, 0.9, 0.7])).toEqual({ itt_acc: false, tot_acc: false });
  // The first caption ties with the negative; the second is nearer to the negative.
  expect(rule([0.2, 0.4, 0.2], [0.9, 0.8, 0.95])).toEqual({ itt_acc: false, tot_acc: false });
  expect(selectNearestPair([0.9, 0.8, 0.7])).toEqual({ tot_acc: true });
});

Deno.test("matchPairs: Winoground's three scores by hand, ties wrong", () => {
  // i0t0, i0t1, i1t0, i1t1. Both pictures prefer their text, both texts their picture.
  expect(matchPairs([0.4, 0.3, 0.2, 0.3]))
    .toEqual({ text_acc: true, image_acc: false, acc: false }); // i1t1 = i0t1: a tie
  expect(matchPairs([0.4, 0.2, 0.2, 0.3]))
    .toEqual({ text_acc: true, image_acc: true, acc: true });
  // Picture 1 prefers text 0 (0.35 > 0.3), yet each text prefers its own picture.
  expect(matchPairs([0.4, 0.2, 0.35, 0.3]))
    .toEqual({ text_acc: false, image_acc: true, acc: false });
  expect(matchPairs([0.2, 0.2, 0.1, 0.3]))
    .toEqual({ text_acc: false, image_acc: true, acc: false });
});

Deno.test("matchPictures: COLA counts what Winoground's image score counts", () => {
  expect(matchPictures([0.4, 0.2, 0.35, 0.3])).toEqual({ acc: true });
  expect(matchPictures([0.4, 0.3, 0.4, 0.35])).toEqual({ acc: false }); // i0t0 = i1t0: a tie
});

Deno.test("BenchmarkRule.chance: the share of all orders of the scores in which the item is right", () => {
  const orders = (values: readonly number[]): number[][] =>
    values.length === 0
      ? [[]]
      : values.flatMap((value) =>
        orders(values.filter((each) => each !== value)).map((rest) => [value, ...rest])
      );
  // Every order of distinct scores is equally likely.
  const cases = [
    [selectTrueText, 2],
    [selectTrueText, 4],
    [selectTrueOrder, 3],
    [matchPairs, 4],
    [matchPictures, 4],
    [selectNearestPair, 3],
    [selectBothTexts, 6],
  ] as const;
  for (const [rule, count] of cases) {
    const all = orders(Array.from({ length: count }, (_, i) => i));
    for (const [metric, chance] of Object.entries(rule.chance!(count))) {
      const right = all.filter((scores) => rule(scores)[metric]).length;
      expect(chance).toBeCloseTo(right / all.length, 12);
    }
  }
});

Deno.test("BenchmarkRule.wordBag: a draw among texts of the same words, by hand", () => {
  expect(selectTrueText.wordBag!(["a on b", "b on a"])).toEqual({ acc: 1 / 2 });
  expect(selectTrueText.wordBag!(["a on b", "c on a"])).toEqual({ acc: 1 });
  expect(selectTrueOrder.wordBag!(["A b c.", "b a c", "c b a", "d"]))
    .toEqual({ acc: 1 / 3, strict_acc: 1 / 3 });
  // The negative has the first caption's words: as near to the picture, and nearer to that caption
  // than the second one is.
  expect(selectBothTexts.wordBag!(["a on b", "b below a", "b on a"]))
    .toEqual({ itt_acc: 1 / 2, tot_acc: 0 });
  expect(selectBothTexts.wordBag!(["a on b", "b below a", "c on a"]))
    .toEqual({ itt_acc: 1, tot_acc: 1 });
});
