import { expect } from "expect";
import type { HostTensor } from "../../../core/model.ts";
import { type Adapter, scalingOf } from "../../../plugins/lora/adapter.ts";
import { initialAdapterValues, mergeAdapters } from "../../../plugins/lora/adapter_values.ts";
import { packAttention } from "../../../plugins/lora/pack_attention.ts";

const tensor = (shape: readonly number[], ...data: number[]): HostTensor => ({
  ...{ shape, data: Float32Array.from(data) },
});

const adapter: Adapter = {
  ...{ module: "fc", part: "text", weight: "fc.weight", outputs: [0, 2], whole: true, inputs: 2 },
  ...{ rank: 1, scaling: 2, dora: false },
};

Deno.test("scalingOf: alpha by the rank, or by its root", () => {
  expect(scalingOf({ alpha: 8, rank: 4, rankStabilized: false })).toBe(2);
  expect(scalingOf({ alpha: 8, rank: 4, rankStabilized: true })).toBe(4);
});

Deno.test("mergeAdapters: adds s·B·A, and gives DoRA's rows their lengths", () => {
  const values = new Map([
    ["fc.weight", tensor([2, 2], 1, 0, 0, 1)],
    ["fc.lora_A.weight", tensor([1, 2], 1, 2)],
    ["fc.lora_B.weight", tensor([2, 1], 1, 3)],
    ["fc.lora_magnitude_vector", tensor([2], 10, 13)],
  ]);
  // 2·[1, 3]ᵀ·[1, 2] = [[2, 4], [6, 12]].
  expect([...mergeAdapters([adapter], values).keys()]).toEqual(["fc.weight"]);
  expect([...mergeAdapters([adapter], values).get("fc.weight")!.data]).toEqual([3, 4, 6, 13]);
  // Rows [3, 4] and [6, 13] of the lengths 5 and √205.
  const [a, b, c, d] = mergeAdapters([{ ...adapter, dora: true }], values).get("fc.weight")!.data;
  expect([a, b]).toEqual([6, 8]);
  expect(Math.hypot(c!, d!)).toBeCloseTo(13, 5);
  expect(c! / d!).toBeCloseTo(6 / 13, 6);
});

Deno.test("initialAdapterValues: change nothing, by a seed", () => {
  const base = new Map([["fc.weight", tensor([2, 2], 3, 4, 0, 2)]]);
  const dora = { ...adapter, dora: true };
  const values = initialAdapterValues([dora], base, 5);
  expect([...values.get("fc.lora_magnitude_vector")!.data]).toEqual([5, 2]);
  expect(mergeAdapters([dora], new Map([...base, ...values])).get("fc.weight")!.data)
    .toEqual(base.get("fc.weight")!.data);
  const down = (seed: number) =>
    initialAdapterValues([adapter], base, seed).get("fc.lora_A.weight")!.data;
  expect(down(5)).toEqual(values.get("fc.lora_A.weight")!.data);
  expect(down(6)).not.toEqual(down(5));
  expect(down(5).every((value) => value !== 0 && Math.abs(value) < 2 ** -0.5)).toBe(true);
});

Deno.test("packAttention: adapters of a third each are one change of all rows", () => {
  const layer = (module: string, outputs: readonly [number, number], weight: string) => ({
    ...{ module, outputs, weight, part: "text" as const, whole: true, inputs: 1, attention: "at" },
  });
  const layers = [
    layer("at", [0, 3], "at.in_proj_weight"),
    layer("at.out_proj", [0, 1], "at.out_proj.weight"),
  ];
  const part = (name: string, row: number): Adapter => ({
    ...adapter,
    ...{ module: `at.${name}`, weight: "at.in_proj_weight", outputs: [row, row + 1], inputs: 1 },
  });
  const values = new Map([
    ["at.q_proj.lora_A.weight", tensor([1, 1], 2)],
    ["at.q_proj.lora_B.weight", tensor([1, 1], 3)],
    ["at.v_proj.lora_A.weight", tensor([1, 1], 5)],
    ["at.v_proj.lora_B.weight", tensor([1, 1], 7)],
  ]);
  const written: Record<string, unknown> = {};
  const { rank, scaling } = packAttention(
    "at",
    [part("q_proj", 0), part("v_proj", 2)],
    { layers, values },
    (inner, name, { data }) => written[`${inner ? "out" : "in"}${name}`] = [...data],
  );
  expect({ rank, scaling }).toEqual({ rank: 2, scaling: 2 });
  // B·A = [6, 0, 35]ᵀ, each row by its own third; nothing behind.
  expect(written).toEqual({
    "in.lora_A.weight": [2, 5],
    "in.lora_B.weight": [3, 0, 0, 0, 0, 7],
    "out.lora_A.weight": [0, 0],
    "out.lora_B.weight": [0, 0],
  });
});
