import { expect } from "expect";
import { isCircle, isMask, isRepeated } from "../../../plugins/onnx/folded_tables.ts";

const table = (shape: readonly number[], values: readonly number[]) => ({
  shape,
  values: Float32Array.from(values),
});

Deno.test("isMask: what is infinite or as good as, and one value throughout", () => {
  expect(isMask(table([2, 2], [0, -Infinity, 0, 0]))).toBe(true);
  expect(isMask(table([2, 2], [0, -3.4e38, 0, 0]))).toBe(true);
  expect(isMask(table([1, 1, 2], [0, 0]))).toBe(true);
  expect(isMask(table([2], [0, 0]))).toBe(false);
  expect(isMask(table([1, 1, 2], [0, 1]))).toBe(false);
  // One number for each channel of a picture, all the same before training.
  expect(isMask(table([1, 2, 1, 1], [1e-6, 1e-6]))).toBe(false);
});

Deno.test("isRepeated: the same for each of a fixed batch, along any axis", () => {
  expect(isRepeated(table([2, 2], [1, 2, 1, 2]), 2)).toBe(true);
  expect(isRepeated(table([1, 2, 2], [1, 2, 1, 2]), 2)).toBe(true);
  expect(isRepeated(table([4, 1], [1, 2, 1, 2]), 2)).toBe(true);
  expect(isRepeated(table([2, 2], [1, 2, 1, 3]), 2)).toBe(false);
  expect(isRepeated(table([2, 2], [1, 2, 1, 2]), undefined)).toBe(false);
  expect(isRepeated(table([1, 2], [1, 2]), 1)).toBe(false);
});

Deno.test("isCircle: cosines and sines of the same angles", () => {
  const angles = [0, 0.3, 1.2, 3];
  const [cosines, sines] = [Math.cos, Math.sin].map((f) => table([2, 2], angles.map(f)));
  expect(isCircle(cosines!, sines!)).toBe(true);
  expect(isCircle(cosines!, cosines!)).toBe(false);
  // Scale and bias of a norm that was not trained.
  expect(isCircle(table([2], [1, 1]), table([2], [0, 0]))).toBe(false);
  expect(isCircle(table([2], [0, 0]), table([2], [1, 1]))).toBe(false);
});
