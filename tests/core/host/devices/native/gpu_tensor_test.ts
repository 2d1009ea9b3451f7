import { expect } from "expect";
import { exp, mul } from "../../../../../core/graph/elementwise.ts";
import { input } from "../../../../../core/graph/node.ts";
import { GpuTensor } from "../../../../../core/host/devices/native/gpu_tensor.ts";
import { CpuTensor } from "../../../../../core/host/devices/native/tensor.ts";
import { hasNativeGpu, openNativeGpu } from "../../../../helpers/native_gpu.ts";

const ignore = !await hasNativeGpu();

Deno.test({
  name: "GpuTensor: what is asked for is done in that order",
  ignore,
  fn: async () => {
    const device = (await openNativeGpu())!;
    const x = input("x", "float32", [3]);
    const program = await device.compile({ inputs: [x], outputs: { y: mul(x, 2), z: exp(x) } });
    const held = device.upload(Float32Array.of(1, 2, 3), [3], "float32");
    expect(held).toBeInstanceOf(GpuTensor);
    // The run goes on with the values that it was given.
    const running = program.run({ x: held });
    held.write(Float32Array.of(5, 6, 7));
    const { y, z } = await running;
    expect(await y!.read()).toEqual(Float32Array.of(2, 4, 6));
    expect(await held.read()).toEqual(Float32Array.of(5, 6, 7));
    const reading = held.read();
    held.clear();
    expect(await reading).toEqual(Float32Array.of(5, 6, 7));
    expect(await held.read()).toEqual(new Float32Array(3));
    // Its values were read before they were freed.
    const last = z!.read();
    z!.dispose();
    expect((await last)[0]).toBeCloseTo(Math.E, 5);
    expect(() => z!.dispose()).toThrow("disposed twice");
    expect(() => z!.clear()).toThrow("used after it was disposed");
    expect(() => held.write(new Float32Array(4))).toThrow("found a Float32Array of 4");
    for (const tensor of [held, y!]) tensor.dispose();
    await program.dispose();
    await device.dispose();
  },
});

Deno.test({
  name: "GpuTensor: real numbers stand on the GPU, integers and conditions on the host",
  ignore,
  fn: async () => {
    const device = (await openNativeGpu())!;
    const tensors = [
      device.zeros([2], "int64"),
      device.upload(Uint8Array.of(1, 0), [2], "bool"),
    ];
    for (const tensor of tensors) expect(tensor).toBeInstanceOf(CpuTensor);
    expect(await tensors[1]!.read()).toEqual(Uint8Array.of(1, 0));
    for (const tensor of tensors) tensor.dispose();
    await device.dispose();
  },
});
