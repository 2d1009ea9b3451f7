import { expect } from "expect";
import { lateTensor } from "../../../core/device/late_tensor.ts";
import { openDevice } from "../../../core/host/devices/open_device.ts";

Deno.test("lateTensor: takes memory with its first change, and leaves the given values as they are", async () => {
  const device = await openDevice("cpu");
  let held = 0;
  const data = Float32Array.of(1, 2, 3);
  const make = () =>
    lateTensor(device, { data, shape: [3], dtype: "float32" }, (bytes) => held += bytes);
  const [read, written, cleared] = [make(), make(), make()];
  expect(held).toBe(36);
  (await read.read() as Float32Array)[0] = 9;
  expect(held).toBe(36);
  written.write(Float32Array.of(7, 8, 9));
  cleared.clear();
  expect(held).toBe(12);
  const values = await Promise.all([read, written, cleared].map((each) => each.read()));
  expect(values.map((each) => [...each as Float32Array])).toEqual([[1, 2, 3], [7, 8, 9], [
    0,
    0,
    0,
  ]]);
  expect([...data]).toEqual([1, 2, 3]);
  for (const each of [read, written, cleared]) {
    each.dispose();
    expect(() => each.dispose()).toThrow("tensor: disposed twice");
    expect(() => each.clear()).toThrow("tensor: used after it was disposed");
  }
  expect(held).toBe(0);
  await device.dispose();
});
