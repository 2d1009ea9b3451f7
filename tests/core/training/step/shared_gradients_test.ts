import { expect } from "expect";
import type { DeviceTensor } from "../../../../core/device/device.ts";
import type { ParameterSpec } from "../../../../core/model.ts";
import { alone, type Placed } from "../../../../core/processes/exchange.ts";
import { shareGradients } from "../../../../core/training/step/shared_gradients.ts";

const trained = [
  { name: "image.weight", part: "image", shape: [] },
  { name: "text.weight", part: "text", shape: [] },
  { name: "text.bias", part: "text", shape: [] },
  { name: "scale", part: "logitScale", shape: [] },
] as unknown as readonly ParameterSpec[];

/** Gradients by name, and the names that each sum was asked for, and each share. */
function watched(size: number, parted = true) {
  const sums: string[][] = [];
  const shares: string[][] = [];
  const names = new Map<DeviceTensor, string>();
  const gradients = new Map(trained.map(({ name }) => {
    const tensor = {} as DeviceTensor;
    names.set(tensor, name);
    return [name, tensor];
  }));
  const into = (asked: string[][]) => (tensors: Iterable<Placed>) => {
    asked.push([...tensors].map(({ tensor }) => names.get(tensor)!));
    return Promise.resolve();
  };
  const exchange = { ...alone, size, sum: into(sums), share: into(shares) };
  return { sums, shares, shared: shareGradients(trained, gradients, exchange, parted) };
}

Deno.test("shareGradients: each gradient goes round once an update, a part as soon as it is done", async () => {
  const { sums, shares, shared } = watched(2);
  for (let step = 0; step < 2; step++) {
    shared.check();
    shared.begin("text");
    expect(sums).toEqual([["text.weight", "text.bias"]]);
    expect(() => shared.check()).toThrow(TypeError);
    await shared.finish();
    expect(sums.splice(0)).toEqual([["text.weight", "text.bias"], ["image.weight", "scale"]]);
  }
  expect(shares).toEqual([]);
});

Deno.test("shareGradients: where all need all sums, these are asked for before another part's", async () => {
  const { sums, shares, shared } = watched(2, false);
  shared.begin("text");
  // Not when the sum is there: the processes would not ask in the same order.
  expect([sums.length, shares]).toEqual([1, [["text.weight", "text.bias"]]]);
  await shared.finish();
  expect(shares).toEqual(sums);
});

Deno.test("shareGradients: a process alone sends nothing", async () => {
  const { sums, shared } = watched(1);
  shared.begin("text");
  shared.check();
  await shared.finish();
  expect(sums).toEqual([]);
});
