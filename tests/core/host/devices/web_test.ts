import { expect } from "expect";
import { add, mul } from "../../../../core/graph/elementwise.ts";
import { input } from "../../../../core/graph/node.ts";
import type { Device } from "../../../../core/device/device.ts";
import { openDevice } from "../../../../core/host/devices/open_device.ts";
import { findWebGpu } from "../../../helpers/devices.ts";

/** a, b → sum = a + b and product = (a + b) · a. */
async function checkTensors(device: Device): Promise<void> {
  const [a, b] = [input("a", "float32", [3]), input("b", "float32", [3])];
  const sum = add(a, b);
  const program = await device.compile({ inputs: [a, b], outputs: { sum, product: mul(sum, a) } });
  const [x, y] = [Float32Array.of(1, 2, 3), Float32Array.of(10, 20, 30)].map((data) =>
    device.upload(data, [3], "float32")
  ) as [ReturnType<Device["upload"]>, ReturnType<Device["upload"]>];

  // The old value of x is read by both outputs, though the first one takes its place.
  const { product } = await program.run({ a: x, b: y }, { sum: x });
  expect(await x.read()).toEqual(Float32Array.of(11, 22, 33));
  expect(await product!.read()).toEqual(Float32Array.of(11, 44, 99));

  // Reading leaves a tensor where it is: it can be an input again, and be read again.
  const again = await program.run({ a: x, b: y });
  expect(await again.sum!.read()).toEqual(Float32Array.of(21, 42, 63));
  expect(await again.sum!.read()).toEqual(Float32Array.of(21, 42, 63));

  y.clear();
  x.clear();
  expect(await x.read()).toEqual(new Float32Array(3));
  y.write(Float32Array.of(7, 8, 9));
  const last = await program.run({ a: x, b: y });
  expect(await last.sum!.read()).toEqual(Float32Array.of(7, 8, 9));

  await expect(program.run({ a: x })).rejects.toThrow('input "b" is missing');
  const long = device.zeros([4], "float32");
  await expect(program.run({ a: x, b: long })).rejects.toThrow("expected float32 [3], found");

  // A program's results outlive it.
  await program.dispose();
  expect(await last.product!.read()).toEqual(new Float32Array(3));
  for (const tensor of [product, again.sum, again.product, last.sum, last.product, x, y, long]) {
    tensor!.dispose();
  }
  expect(() => x.dispose()).toThrow("disposed twice");
  await expect(x.read()).rejects.toThrow("used after it was disposed");
  await expect(device.compile({ inputs: [], outputs: { y: input("y", "float64", [1]) } })).rejects
    .toThrow("cannot compute in float64");
  await device.dispose();
}

Deno.test("openDevice: wasm keeps, replaces, clears and frees tensors", async () => {
  await checkTensors(await openDevice("wasm"));
});

Deno.test({
  name: "openDevice: WebGPU keeps, replaces, clears and frees tensors",
  ignore: !await findWebGpu(),
  fn: async () => await checkTensors(await openDevice("webgpu")),
});

Deno.test("openDevice: takes no software adapter unless it is asked for", async () => {
  const device = await openDevice();
  const fallback = (await navigator.gpu?.requestAdapter())?.info as
    | { isFallbackAdapter?: boolean }
    | undefined;
  const expected = fallback !== undefined && fallback.isFallbackAdapter === false
    ? "webgpu"
    : "cpu";
  expect(device.kind).toBe(expected);
  expect(device.reason).not.toBe("");
  await device.dispose();
});
