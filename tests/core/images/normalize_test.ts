import { expect } from "expect";
import { createNormalizer } from "../../../core/images/normalize.ts";

const clip = {
  mean: [0.48145466, 0.4578275, 0.40821073],
  deviation: [0.26862954, 0.26130258, 0.27577711],
} as const;

Deno.test("createNormalizer: channels one after another, from the offset on", () => {
  const raster = { width: 2, height: 1, data: new Uint8Array([0, 51, 102, 153, 204, 255]) };
  const target = new Float32Array(8).fill(9);
  createNormalizer(clip)(raster, target, 1);
  const wanted = [[0, 0.6], [0.2, 0.8], [0.4, 1]]
    .flatMap((values, c) => values.map((v) => (v - clip.mean[c]!) / clip.deviation[c]!));
  expect(target[0]).toBe(9);
  expect(target[7]).toBe(9);
  for (const [i, value] of wanted.entries()) expect(target[i + 1]).toBeCloseTo(value, 5);
});

Deno.test("createNormalizer: a target that ends too early is refused", () => {
  const raster = { width: 2, height: 1, data: new Uint8Array(6) };
  const normalize = createNormalizer(clip);
  expect(() => normalize(raster, new Float32Array(6), 1)).toThrow(RangeError);
  expect(() => normalize(raster, new Float32Array(6), -1)).toThrow(RangeError);
});

Deno.test("createNormalizer: a deviation of 0 is refused", () => {
  expect(() => createNormalizer({ mean: [0, 0, 0], deviation: [1, 0, 1] })).toThrow("deviation[1]");
});
