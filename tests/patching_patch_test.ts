import { expect } from "expect";
import type { Weights } from "@syntagma/syntagma";
import { parseAlphas, patch } from "@syntagma/syntagma/patching";
import { checkAlpha } from "../plugins/patching/alphas.ts";
import { miniClip } from "./small_clip.ts";

Deno.test("patch: interpolates every parameter, the logit scale too", async () => {
  const model = miniClip(1);
  const [before, after] = [await model.read(), await miniClip(2).read()];
  const patched = await patch({ alpha: 0.6 }).apply({ before, after, model, log: () => {} });
  expect([...patched.keys()]).toEqual(model.parameters.map(({ name }) => name));
  expect(patched.has(model.logitScale)).toBe(true);
  for (const [name, { shape, data }] of patched) {
    expect(shape).toEqual(before.get(name)!.shape);
    const [a, b] = [before.get(name)!.data, after.get(name)!.data];
    const wrong = data.findIndex((value, i) => {
      // Within one rounding to float32, a relative 2⁻²⁴ of the larger side.
      const bound = 2 ** -24 * Math.max(Math.abs(a[i]!), Math.abs(b[i]!));
      return !(Math.abs(value - (0.4 * a[i]! + 0.6 * b[i]!)) <= bound);
    });
    expect([name, wrong]).toEqual([name, -1]);
  }
});

Deno.test("patch: leaves both sides as they were", async () => {
  const tensor = (value: number): Weights =>
    new Map([["w", { shape: [1], data: Float32Array.of(value) }]]);
  const [before, after] = [tensor(1), tensor(3)];
  const context = { model: miniClip(1), log: () => {} };
  const patched = await patch({ alpha: 0.5 }).apply({ before, after, ...context });
  expect(patched).toEqual(tensor(2));
  expect([before, after]).toEqual([tensor(1), tensor(3)]);
  const other = new Map([...after, ["x", { shape: [], data: Float32Array.of(0) }]]);
  await expect(patch({ alpha: 0.5 }).apply({ before, after: other, ...context })).rejects
    .toThrow('patch: expected "x" on both sides, found it on one');
});

Deno.test("patch: names its stage, and checks its option", () => {
  expect(patch({ alpha: 0.6 })).toMatchObject({ name: "patch", options: { alpha: 0.6 } });
  expect(patch({ alpha: 0.6 }).stage).toBe("patch-0.6");
  expect(patch({ alpha: 0.6 }).with({ alpha: 1 }).stage).toBe("patch-1");
  for (const alpha of [-0.1, 1.1, NaN]) expect(() => patch({ alpha })).toThrow("patch.alpha: ");
  expect(() => patch({ alpha: 0.5 }).with({ alhpa: 1 })).toThrow('did you mean "alpha"?');
});

Deno.test("parseAlphas: both ends, as they are written", () => {
  expect(parseAlphas("0:1:0.05")).toEqual([
    ...[0, 0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.45, 0.5],
    ...[0.55, 0.6, 0.65, 0.7, 0.75, 0.8, 0.85, 0.9, 0.95, 1],
  ]);
  // The next would be 1.1.
  expect(parseAlphas("0.2:0.85:0.3")).toEqual([0.2, 0.5, 0.8]);
  expect(parseAlphas("0.6:0.6:1")).toEqual([0.6]);
});

Deno.test("parseAlphas: refuses what is no sweep", () => {
  for (const text of ["", "0.6", "0:1", "0:1:", "a:1:0.1", "0:1:0.1:0", "-1:1:0.1", "0:1:1e-3"]) {
    expect(() => parseAlphas(text)).toThrow(`such as 0:1:0.05, found "${text}"`);
  }
  expect(() => parseAlphas("0:2:0.5")).toThrow("sweep: expected a number from 0 to 1, found 2");
  expect(() => parseAlphas("1:0:0.1")).toThrow('up to the end and a step over 0, found "1:0:0.1"');
  expect(() => parseAlphas("0:1:0")).toThrow('a step over 0, found "0:1:0"');
});

Deno.test("checkAlpha: refuses what is no weight", () => {
  for (const alpha of [0, 0.5, 1]) checkAlpha("alpha", alpha);
  for (const alpha of [-1e-9, 1.001, NaN, Infinity]) {
    expect(() => checkAlpha("alpha", alpha))
      .toThrow(new RangeError(`alpha: expected a number from 0 to 1, found ${alpha}`));
  }
});
