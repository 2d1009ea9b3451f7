import { expect } from "expect";
import fc from "fast-check";
import {
  bfloat16ToFloat32,
  float16ToFloat32,
  float32ToBfloat16,
  float32ToFloat16,
} from "../../../core/host/storage/half_precision.ts";
import type { TensorData } from "../../../core/host/storage/safetensors_dtype.ts";
import type { FloatDtype } from "../../../plugins/patching/float_dtype.ts";
import {
  interpolate,
  interpolateFloats,
  type StoredFloats,
} from "../../../plugins/patching/interpolate.ts";

function single(before: number[], after: number[], alpha: number): number[] {
  const out = new Float32Array(before.length);
  interpolate(Float32Array.from(before), Float32Array.from(after), alpha, out);
  return [...out];
}

const encode: Readonly<Record<FloatDtype, (values: number[]) => TensorData>> = {
  F16: (values) => float32ToFloat16(Float32Array.from(values)),
  BF16: (values) => float32ToBfloat16(Float32Array.from(values)),
  F32: (values) => Float32Array.from(values),
  F64: (values) => Float64Array.from(values),
};

function decode(dtype: string, data: TensorData): number[] {
  if (dtype === "F16") return [...float16ToFloat32(data as Uint16Array<ArrayBuffer>)];
  if (dtype === "BF16") return [...bfloat16ToFloat32(data as Uint16Array)];
  return Array.from(data as Float32Array);
}

function stored(dtype: FloatDtype, values: number[]): StoredFloats {
  return { dtype, data: encode[dtype](values) };
}

function tensor(dtype: FloatDtype, before: number[], after: number[], alpha: number): number[] {
  const [from, to] = [stored(dtype, before), stored(dtype, after)];
  return decode(dtype, interpolateFloats(from, to, alpha, dtype).data);
}

Deno.test("interpolate: (1 − α)·before + α·after", () => {
  // 0.75·1 + 0.25·5 = 2; 0.75·(−4) + 0.25·4 = −2; 0.75·0 + 0.25·8 = 2.
  expect(single([1, -4, 0], [5, 4, 8], 0.25)).toEqual([2, -2, 2]);
});

Deno.test("interpolate: the ends are the two sides as they are", () => {
  const [before, after] = [[1, -0, Infinity, 3e-45], [NaN, 7, -Infinity, 1e38]];
  expect(single(before, after, 0)).toEqual([1, -0, Infinity, Math.fround(3e-45)]);
  expect(single(before, after, 1)).toEqual([NaN, 7, -Infinity, Math.fround(1e38)]);
});

Deno.test("interpolate: equal values stay, others lie between them", () => {
  const value = fc.float({ noNaN: true, noDefaultInfinity: true });
  const alpha = fc.double({ min: 0, max: 1, noNaN: true });
  fc.assert(fc.property(value, value, alpha, (a, b, weight) => {
    expect(single([a], [a], weight)[0]).toBe(a);
    const [found] = single([a], [b], weight) as [number];
    expect(found).toBeGreaterThanOrEqual(Math.min(a, b));
    expect(found).toBeLessThanOrEqual(Math.max(a, b));
  }));
});

Deno.test("interpolateFloats: every element type of floats", () => {
  for (const dtype of ["F16", "BF16", "F32", "F64"] as const) {
    // 0.5·1 + 0.5·3 = 2; 0.5·(−0.5) + 0.5·2.5 = 1.
    expect(tensor(dtype, [1, -0.5], [3, 2.5], 0.5)).toEqual([2, 1]);
    expect(tensor(dtype, [1, -0], [3, 2.5], 0)).toEqual([1, -0]);
    expect(tensor(dtype, [1, -0], [3, 2.5], 1)).toEqual([3, 2.5]);
  }
});

Deno.test("interpolateFloats: half precisions are rounded once, ties to even", () => {
  // Neighbours of 1: 1 + 2⁻¹⁰ (F16, 10 bits of fraction), 1 + 2⁻⁷ (BF16, 7 bits). Halfway between 1
  // and its neighbour lies a tie, which goes to 1, whose last bit is even; between the first and the
  // second neighbour it goes to the second.
  for (const [dtype, step] of [["F16", 2 ** -10], ["BF16", 2 ** -7]] as const) {
    expect(tensor(dtype, [1], [1 + step], 0.5)).toEqual([1]);
    expect(tensor(dtype, [1 + step], [1 + 2 * step], 0.5)).toEqual([1 + 2 * step]);
    expect(tensor(dtype, [-1], [-1 - step], 0.5)).toEqual([-1]);
    // 2⁻⁴⁰ to either side of the middle. Rounded to float32 first (23 bits), the sum would be the
    // middle itself, and above it the second rounding would go to 1 as before.
    expect(tensor(dtype, [1], [1 + step], 0.5 + 2 ** -33)).toEqual([1 + step]);
    expect(tensor(dtype, [1], [1 + step], 0.5 - 2 ** -33)).toEqual([1]);
    expect(tensor(dtype, [-1], [-1 - step], 0.5 + 2 ** -33)).toEqual([-1 - step]);
    expect(tensor(dtype, [1 + step], [1 + 2 * step], 0.5 - 2 ** -33)).toEqual([1 + step]);
    expect(tensor(dtype, [-1 - step], [-1 - 2 * step], 0.5 - 2 ** -33)).toEqual([-1 - step]);
  }
});

Deno.test("interpolateFloats: bfloat16 in blocks, infinities and NaN", () => {
  // Longer than two blocks of conversion; 0.75·i + 0.25·(i + 4) = i + 1 for whole numbers that
  // bfloat16 has.
  const before = Array.from({ length: 10_000 }, (_, i) => i % 128);
  const after = before.map((value) => value + 4);
  expect(tensor("BF16", before, after, 0.25)).toEqual(before.map((value) => value + 1));
  expect(tensor("BF16", [Infinity, NaN, 1], [1, 1, -Infinity], 0.5))
    .toEqual([Infinity, NaN, -Infinity]);
});

Deno.test("interpolateFloats: sides of two types, and a third one for the result", () => {
  const all: readonly FloatDtype[] = ["F16", "BF16", "F32", "F64"];
  for (
    const [from, to, dtype] of all.flatMap((a) =>
      all.flatMap((b) => all.map((c) => [a, b, c] as const))
    )
  ) {
    const sides = [stored(from, [1, -0.5, 8]), stored(to, [3, 2.5, 8])] as const;
    // 0.25·1 + 0.75·3 = 2.5; 0.25·(−0.5) + 0.75·2.5 = 1.75: all types have them.
    expect(decode(dtype, interpolateFloats(...sides, 0.75, dtype).data)).toEqual([2.5, 1.75, 8]);
    expect(decode(dtype, interpolateFloats(...sides, 0, dtype).data)).toEqual([1, -0.5, 8]);
    expect(decode(dtype, interpolateFloats(...sides, 1, dtype).data)).toEqual([3, 2.5, 8]);
  }
});

Deno.test("interpolateFloats: single and double go to half precision in one rounding", () => {
  const value = fc.float({ noNaN: true, noDefaultInfinity: true, min: -60_000, max: 60_000 });
  const alpha = fc.double({ min: 0, max: 1, noNaN: true });
  fc.assert(fc.property(value, value, alpha, (a, b, weight) => {
    const { data } = interpolateFloats(stored("F32", [a]), stored("F32", [b]), weight, "F16");
    // The language's own rounding of the double.
    const exact = weight === 1 || a === b ? b : (1 - weight) * a + weight * b;
    expect(decode("F16", data)).toEqual([Math.f16round(exact)]);
  }));
  // A single that lies 2⁻²³ over the middle of two bfloat16, and doubles that lie 2⁻⁴⁰ beside it: a
  // rounding to single first would lose the latter.
  const middle = 1 + 2 ** -8;
  for (const [dtype, distance] of [["F32", 2 ** -23], ["F64", 2 ** -40]] as const) {
    const after = stored(dtype, [middle, middle + distance, middle - distance]);
    const { data } = interpolateFloats(stored("BF16", [1, 1, 1]), after, 1, "BF16");
    expect(decode("BF16", data)).toEqual([1, 1 + 2 ** -7, 1]);
  }
});

Deno.test("interpolateFloats: counts what a half precision takes back", () => {
  // Neighbours of 1 lie 2⁻¹⁰ (F16) and 2⁻⁷ (BF16) over it. Half of a change by one step is a tie, and
  // goes back to 1; of a change by two it is one step. What is equal was not changed.
  for (const [dtype, step] of [["F16", 2 ** -10], ["BF16", 2 ** -7]] as const) {
    const before = stored(dtype, [1, 1, 1]);
    const after = stored("F32", [1 + step, 1 + 2 * step, 1]);
    expect(interpolateFloats(before, after, 0.5, dtype)).toMatchObject({ changed: 2, vanished: 1 });
    expect(interpolateFloats(before, after, 1, dtype)).toMatchObject({ changed: 2, vanished: 0 });
    // Nothing is meant to be left of the change, and nothing is lost in float32.
    expect(interpolateFloats(before, after, 0, dtype)).toMatchObject({ changed: 0, vanished: 0 });
    expect(interpolateFloats(before, after, 0.5, "F32"))
      .toMatchObject({ changed: 0, vanished: 0 });
  }
});
