import { expect } from "expect";
import { compareRows } from "../../../../plugins/app/models/similarity.ts";

Deno.test("compareRows: a softmax over the texts, or a sigmoid of each pair where there is a bias", () => {
  const images = Float32Array.of(1, 0);
  const texts = Float32Array.of(1, 0, 0, 1);
  // Cosines 1 and 0; at scale ln 3 the powers are 3 and 1.
  const softmax = compareRows(images, texts, 2, { scale: Math.log(3), bias: undefined });
  expect(softmax.cosines.map((row) => [...row])).toEqual([[1, 0]]);
  softmax.probabilities()[0]!.forEach((each, i) => expect(each).toBeCloseTo([0.75, 0.25][i]!, 12));
  // Logits ln 3 − ln 3 = 0 and −ln 3: 1/2 and 1/(1 + 3).
  const sigmoid = compareRows(images, texts, 2, { scale: Math.log(3), bias: -Math.log(3) });
  sigmoid.probabilities()[0]!.forEach((each, i) => expect(each).toBeCloseTo([0.5, 0.25][i]!, 12));
  // A scale of 1000 has no power that is finite.
  const sharp = compareRows(images, texts, 2, { scale: 1000, bias: undefined });
  expect([...sharp.probabilities()[0]!]).toEqual([1, 0]);
});
