import { expect } from "expect";
import { type GpuCell, GpuMemory } from "../../../../../core/host/devices/native/gpu_memory.ts";
import { isKeptOnHost } from "../../../../../core/host/devices/native/kept_on_host.ts";
import { hasNativeGpu, withNativeParts } from "../../../../helpers/native_gpu.ts";

const cell = (length: number, data: GpuCell["data"]): GpuCell => ({
  ...{ dtype: "float32", shape: [length], handle: undefined, data },
});

Deno.test({
  name: "GpuMemory: one thing after another; values go there and back, zeros of any size",
  ignore: !await hasNativeGpu(),
  fn: () =>
    withNativeParts(async ({ memory }) => {
      expect(memory).toBeInstanceOf(GpuMemory);
      const order: number[] = [];
      const slow = memory.then(async () => {
        await new Promise((resolve) => setTimeout(resolve, 20));
        order.push(1);
        throw new RangeError("of the first");
      });
      const quick = memory.then(() => Promise.resolve(order.push(2)));
      await expect(slow).rejects.toThrow("of the first");
      await quick;
      expect(order).toEqual([1, 2]);

      const values = Float32Array.from({ length: 1000 }, (_, i) => i / 3);
      const given = cell(1000, values);
      expect(await memory.read(given)).toEqual(values);
      expect(given.data).toBeUndefined();
      for (const length of [3, 5000, 40]) {
        const zeros = cell(length, "zeros");
        expect(await memory.read(zeros)).toEqual(new Float32Array(length));
        memory.free(zeros);
      }
      memory.free(given);
    }),
});

Deno.test("isKeptOnHost: real numbers are not", () => {
  expect((["float32", "float16", "int64", "int32", "bool"] as const).map(isKeptOnHost))
    .toEqual([false, false, true, true, true]);
});
