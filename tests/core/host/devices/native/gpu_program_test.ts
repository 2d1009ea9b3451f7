import { expect } from "expect";
import type { Device, DeviceTensor } from "../../../../../core/device/device.ts";
import { equal } from "../../../../../core/graph/comparison.ts";
import { add, exp, mul } from "../../../../../core/graph/elementwise.ts";
import { gradient } from "../../../../../core/graph/gradient.ts";
import { gather, scatterAdd } from "../../../../../core/graph/indexing.ts";
import { gemm, matmul, reshape, sum, transpose } from "../../../../../core/graph/linear.ts";
import { constant, input } from "../../../../../core/graph/node.ts";
import { layerNormalization } from "../../../../../core/graph/normalization.ts";
import { argmax } from "../../../../../core/graph/reduce.ts";
import { softmax } from "../../../../../core/graph/softmax.ts";
import type { GpuCell } from "../../../../../core/host/devices/native/gpu_memory.ts";
import { GpuProgram } from "../../../../../core/host/devices/native/gpu_program.ts";
import { GpuTensor } from "../../../../../core/host/devices/native/gpu_tensor.ts";
import { openDevice } from "../../../../../core/host/devices/open_device.ts";
import { relativeDifference } from "../../../../helpers/compare.ts";
import { hasNativeGpu, openNativeGpu, withNativeParts } from "../../../../helpers/native_gpu.ts";

const ignore = !await hasNativeGpu();

/** A block of a tower in small: rows of a table, a norm of large means, attention, a scatter. */
async function compute(device: Device): Promise<Record<string, number[]>> {
  const table = input("table", "float32", [7, 8]);
  const ids = input("ids", "int64", [2, 3]);
  const weight = input("weight", "float32", [8]);
  const rows = gather(table, add(ids, constant([1], [], "int64")));
  const normed = layerNormalization(add(rows, 300), weight, weight);
  const mixed = matmul(softmax(matmul(normed, transpose(normed))), normed);
  const flat = reshape(mixed, [6, 8]);
  const product = gemm(flat, flat, undefined, { transposeB: true });
  const total = sum(mul(product, product));
  const [byTable, byWeight] = gradient(total, [table, weight]);
  const place = argmax(flat, 1);
  const program = await device.compile({
    inputs: [table, ids, weight],
    outputs: {
      ...{ total, byTable: byTable!, byWeight: byWeight!, place },
      scattered: scatterAdd(table, reshape(ids, [6]), flat),
      isFirst: equal(place, constant([0], [], "int64")),
    },
  });
  const given = {
    table: device.upload(
      Float32Array.from({ length: 56 }, (_, i) => (i * 7 % 11) / 5),
      [7, 8],
      "float32",
    ),
    ids: device.upload(BigInt64Array.of(0n, 1n, 2n, 5n, 5n, 1n), [2, 3], "int64"),
    weight: device.upload(Float32Array.from({ length: 8 }, (_, i) => 1 + i / 8), [8], "float32"),
  };
  const values: Record<string, number[]> = {};
  for (const [name, tensor] of Object.entries(await program.run(given))) {
    values[name] = Array.from(await tensor.read(), Number);
    tensor.dispose();
  }
  for (const tensor of Object.values(given)) tensor.dispose();
  await program.dispose();
  return values;
}

Deno.test({
  name: "GpuProgram: gives what the CPU gives, integers and conditions among it",
  ignore,
  fn: async () => {
    const [cpu, gpu] = [await openDevice("cpu"), (await openNativeGpu())!];
    const [expected, found] = [await compute(cpu), await compute(gpu)];
    for (const [name, values] of Object.entries(expected)) {
      // 300 and more has a rounding error of 2e-5, which the norm makes larger.
      expect([name, relativeDifference(found[name]!, values) < 1e-3]).toEqual([name, true]);
    }
    expect(found.place).toEqual(expected.place);
    expect(found.isFirst).toEqual(expected.isFirst);
    await gpu.dispose();
    await cpu.dispose();
  },
});

Deno.test({
  name: "GpuProgram: results replace tensors, their own input too, and outlive it",
  ignore,
  fn: () =>
    withNativeParts(async ({ memory, pool, session }) => {
      const x = input("x", "float32", [3]);
      const signature = { inputs: [x], outputs: { y: mul(x, 2), z: exp(x) } };
      const program = new GpuProgram(await session(signature), signature, memory, pool);
      const tensor = (data: GpuCell["data"], length = 3) => {
        const cell: GpuCell = { dtype: "float32", shape: [length], handle: undefined, data };
        return new GpuTensor("float32", [length], memory, cell);
      };
      const [held, target] = [tensor(Float32Array.of(5, 6, 7)), tensor("zeros")];
      const first = await program.run({ x: held }, { y: target });
      expect(await target.read()).toEqual(Float32Array.of(10, 12, 14));
      const second = await program.run({ x: target }, { y: target });
      expect(await target.read()).toEqual(Float32Array.of(20, 24, 28));
      await expect(program.run({ x: tensor("zeros", 4) })).rejects.toThrow("expected float32");
      const foreign = { ...held, dtype: "float32", shape: [3] } as unknown as DeviceTensor;
      await expect(program.run({ x: foreign })).rejects.toThrow("tensor of another device");
      await program.dispose();
      expect((await first.z!.read())[0]).toBeCloseTo(Math.exp(5), 2);
      await expect(program.run({ x: held })).rejects.toThrow("used after it was disposed");
      await expect(program.dispose()).rejects.toThrow("disposed twice");
      for (const each of [held, target, first.z!, second.z!]) each.dispose();
    }),
});
