import { expect } from "expect";
import {
  type EmbeddedItems,
  selectionEvaluation,
} from "../../../plugins/scenes/selection_evaluation.ts";

const f = (...values: number[]) => Float32Array.from(values);

function evaluate(rows: EmbeddedItems, dim: number) {
  const foil = { caption: "a", caption2: "b", negative: "c" };
  const foils = Array.from({ length: rows.images.length / dim }, () => foil);
  return selectionEvaluation({ category: "swap_att", seed: 1, foils }, rows, dim).itemScores ?? [];
}

Deno.test("selectionEvaluation: counts by SugarCrepe's rule and by both of SugarCrepe++", () => {
  const items = evaluate({
    images: f(1, 0, 1, 0, 1, 0, 1, 0),
    // By first values: item 0 both above 0.6; item 1 only the first; item 2 only the second;
    // item 3 the second ties.
    captions: f(0.8, 0.6, 0.8, 0.6, 0, 1, 1, 0),
    captions2: f(1, 0, 0, 1, 0.8, 0.6, 0.6, 0.8),
    negatives: f(0.6, 0.8, 0.6, 0.8, 0.6, 0.8, 0.6, 0.8),
  }, 2);
  expect(items.map(({ correct }) => correct.acc)).toEqual([true, true, false, true]);
  expect(items.map(({ correct }) => correct.itt_acc)).toEqual([true, false, false, false]);
  // c1·c2, c1·n, c2·n. Item 0: 0.8, 0.96. Item 1: 0.6, 0.96. Item 2: 0.6, 0.8. Item 3: 0.6, 0.6.
  expect(items.map(({ correct }) => correct.tot_acc)).toEqual([false, false, false, false]);
});

Deno.test("selectionEvaluation: the captions are to be nearer to each other than to the negative", () => {
  const items = evaluate({
    images: f(0, 1, 0, 1, 0, 1, 0, 1),
    captions: f(1, 0, 1, 0, 1, 0, 1, 0),
    captions2: f(0.8, 0.6, 0.8, 0.6, 0.8, 0.6, 0.6, 0.8),
    // c1·c2, c1·n, c2·n. Item 0: 0.8, 0, 0.6: right. Item 1: 0.8, 0.6, 0.96: wrong by the second
    // caption. Item 2: the negative is the caption: 0.8, 1, 0.8: wrong. Item 3: 0.6, 0.6, -0.28:
    // a tie, wrong.
    negatives: f(0, 1, 0.6, 0.8, 1, 0, 0.6, -0.8),
  }, 2);
  expect(items.map(({ correct }) => correct.tot_acc)).toEqual([true, false, false, false]);
});

Deno.test("selectionEvaluation: an equal text ties with itself in any number of dimensions", () => {
  // Values whose sums round: were the two cosines summed differently, one could come out larger.
  const dim = 333;
  const images = Float32Array.from({ length: dim }, (_, k) => Math.sqrt(k + 1) / 235.8);
  const captions = Float32Array.from({ length: dim }, (_, k) => Math.cbrt(k + 1) / 101.3);
  const texts = { captions, captions2: captions.slice(), negatives: captions.slice() };
  const [item] = evaluate({ images, ...texts }, dim);
  expect(item!.correct).toEqual({ acc: false, itt_acc: false, tot_acc: false });
});

Deno.test("selectionEvaluation: refuses matrices that do not fit together", () => {
  const rows = { images: f(1, 0), captions: f(1, 0), captions2: f(1, 0), negatives: f(1, 0) };
  expect(() => evaluate({ ...rows, captions: f(1, 0, 0, 1) }, 2)).toThrow(
    new TypeError("captions: expected 1 rows of 2 values, found 4 values"),
  );
});
