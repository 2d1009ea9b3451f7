import { expect } from "expect";
import { expand, sum } from "../../../core/graph/linear.ts";
import { input } from "../../../core/graph/node.ts";
import type { Shape } from "../../../core/graph/tensor.ts";
import type { DeviceKind } from "../../../core/device/device.ts";
import { isMemoryFault } from "../../../core/device/memory_fault.ts";
import { findAdapter } from "../../../core/host/devices/find_adapter.ts";
import { openDevice } from "../../../core/host/devices/open_device.ts";
import { findWebGpu } from "../../helpers/devices.ts";

/** What a device says when a program makes a tensor of a shape, as a result or on its way. */
async function refusal(kind: DeviceKind, shape: Shape, isResult = true): Promise<unknown> {
  const device = await openDevice(kind);
  const x = input("x", "float32", [1, 1]);
  const value = device.upload(Float32Array.of(1), [1, 1], "float32");
  try {
    const large = expand(x, shape);
    const made = isResult ? large : sum(large);
    const program = await device.compile({ inputs: [x], outputs: { y: made } });
    const { y } = await program.run({ x: value });
    return (await y!.read()).length;
  } catch (error) {
    // It is of use after that.
    expect(await value.read()).toEqual(Float32Array.of(1));
    return error;
  } finally {
    await device.dispose();
  }
}

Deno.test("isMemoryFault: knows what the native CPU says of 256 TiB, as a result and on its way", async () => {
  const shape = [2 ** 23, 2 ** 23];
  expect(isMemoryFault(await refusal("cpu", shape))).toBe(true);
  const inside = await refusal("cpu", shape, false) as Error;
  expect(inside.message).toContain("memory for requested buffer of size 281474976710656");
  expect(isMemoryFault(inside)).toBe(true);
});

Deno.test("isMemoryFault: knows what wasm says of 4 GiB, all that it has", async () => {
  expect(isMemoryFault(await refusal("wasm", [2 ** 15, 2 ** 15]))).toBe(true);
});

Deno.test({
  name: "isMemoryFault: knows what WebGPU says of a buffer that is larger than the GPU takes",
  ignore: !await findWebGpu(),
  fn: async () => {
    const { maxBufferSize } = (await findAdapter())!.limits;
    const error = await refusal("webgpu", [2 ** 15, Math.ceil(maxBufferSize / 2 ** 17) + 1]);
    expect(isMemoryFault(error)).toBe(true);
  },
});

Deno.test("isMemoryFault: by the error's cause too; nothing else is one", () => {
  expect(isMemoryFault(new Error("a hook failed", { cause: new Error("std::bad_alloc") }))).toBe(
    true,
  );
  const lengths = [() => new Float32Array(2 ** 45), () => new Uint8Array(-1)].map((make) => {
    try {
      return make();
    } catch (error) {
      return isMemoryFault(error);
    }
  });
  expect(lengths).toEqual([true, false]);
  for (const other of [new Error("no space left on the disk"), "std::bad_alloc", undefined]) {
    expect(isMemoryFault(other)).toBe(false);
  }
});
