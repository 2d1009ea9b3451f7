import { matmul, reshape, sum } from "../../../../core/graph/linear.ts";
import { expect } from "expect";
import { add, exp, mul } from "../../../../core/graph/elementwise.ts";
import { applySingle, constant, input } from "../../../../core/graph/node.ts";
import { cast } from "../../../../core/graph/cast.ts";
import type { DType, Tensor } from "../../../../core/graph/tensor.ts";
import { gather, scatterAdd } from "../../../../core/graph/indexing.ts";
import type { Signature } from "../../../../core/graph/to_model.ts";
import { openCpu } from "../../../../core/host/devices/cpu.ts";
import type { Device, DeviceTensor, HostArray, Program } from "../../../../core/device/device.ts";
import { Environment } from "../../../../core/host/devices/native/environment.ts";
import { WITH_LOCK } from "../../../helpers/with_lock.ts";

async function withCpu(body: (device: Device) => Promise<void>): Promise<void> {
  const device = openCpu("test", { threads: 2 });
  try {
    await body(device);
  } finally {
    await device.dispose();
  }
}

/** Compiles a graph, hands the program to `body` and frees it. */
async function withProgram(
  device: Device,
  signature: Signature,
  body: (program: Program) => Promise<void>,
  inPlace = false,
): Promise<void> {
  const program = await device.compile(signature, { inPlace });
  try {
    await body(program);
  } finally {
    await program.dispose();
  }
}

function floats(device: Device, ...values: number[]): DeviceTensor {
  return device.upload(new Float32Array(values), [values.length], "float32");
}

const values = async (tensor: DeviceTensor | undefined) => [...await tensor!.read()];

const a = input("a", "float32", [2]);
const b = input("b", "float32", [2]);

Deno.test("Program.run: gives the right values in every element type", () =>
  withCpu(async (device) => {
    // x + x, and for types without arithmetic a cast there and back: the same values. The float16
    // bits are 1 = 0x3c00, 2 = 0x4000, 0.5 = 0x3800, -2 = 0xc000, -4 = 0xc400.
    const double = (x: Tensor) => add(x, x);
    const thereAndBack = (x: Tensor) => cast(cast(x, "int32"), x.dtype);
    const cases: [DType, HostArray, (x: Tensor) => Tensor, HostArray][] = [
      ["float32", new Float32Array([1, -2.5]), double, new Float32Array([2, -5])],
      ["float64", new Float64Array([1e-300, 3]), double, new Float64Array([2e-300, 6])],
      ["int32", new Int32Array([7, -1]), double, new Int32Array([14, -2])],
      ["int64", new BigInt64Array([2n ** 40n, -1n]), double, new BigInt64Array([2n ** 41n, -2n])],
      ["float16", new Uint16Array([0x3800, 0xc000]), double, new Uint16Array([0x3c00, 0xc400])],
      ["uint8", new Uint8Array([255, 3]), thereAndBack, new Uint8Array([255, 3])],
      ["bool", new Uint8Array([1, 0]), thereAndBack, new Uint8Array([1, 0])],
    ];
    for (const [dtype, given, operation, expected] of cases) {
      const x = input("x", dtype, [2]);
      await withProgram(device, { inputs: [x], outputs: { y: operation(x) } }, async (program) => {
        const { y } = await program.run({ x: device.upload(given, [2], dtype) });
        expect([y!.dtype, y!.shape, y!.bytes]).toEqual([dtype, [2], given.byteLength]);
        expect(await y!.read()).toEqual(expected);
      });
    }
  }));

Deno.test("Program.run: takes scalars and tensors without elements", () =>
  withCpu(async (device) => {
    const x = input("x", "float32", []);
    const none = input("none", "float32", [0, 3]);
    const outputs = { y: mul(x, 3), still: add(none, 1) };
    await withProgram(device, { inputs: [x, none], outputs }, async (program) => {
      const { y, still } = await program.run({
        x: device.upload(new Float32Array([2]), [], "float32"),
        none: device.zeros([0, 3], "float32"),
      });
      expect(await values(y)).toEqual([6]);
      expect(await values(still)).toEqual([]);
    });
  }));

Deno.test("Program.run: an output that is an input, its reshape or a constant has memory of its own", () =>
  withCpu(async (device) => {
    const x = input("x", "float32", [1, 2]);
    const outputs = {
      same: x,
      again: x,
      reshaped: reshape(x, [2]),
      fixed: constant([7, 8], [2]),
    };
    await withProgram(device, { inputs: [x], outputs }, async (program) => {
      const source = device.upload(new Float32Array([1, 2]), [1, 2], "float32");
      const results = await program.run({ x: source });
      source.write(new Float32Array([0, 0]));
      results.again!.clear();
      expect(await values(results.same)).toEqual([1, 2]);
      expect(await values(results.reshaped)).toEqual([1, 2]);
      results.fixed!.clear();
      expect(await values((await program.run({ x: source })).fixed)).toEqual([7, 8]);
    });
  }));

for (const inPlace of [false, true]) {
  Deno.test(`Program.run: into an input${inPlace ? ", in place" : ""}, run after run`, () =>
    withCpu(async (device) => {
      // y = 2x + old, three times from 1 with x = 10: 21, 41, 61.
      const x = input("x", "float32", [1]);
      const old = input("old", "float32", [1]);
      const signature = { inputs: [x, old], outputs: { y: add(mul(x, 2), old) } };
      await withProgram(device, signature, async (program) => {
        const [ten, state] = [floats(device, 10), floats(device, 1)];
        for (const expected of [21, 41, 61]) {
          expect(await program.run({ x: ten, old: state }, { y: state })).toEqual({});
          expect(await values(state)).toEqual([expected]);
        }
        expect(await values(ten)).toEqual([10]);
      }, inPlace);
    }));
}

Deno.test("Program.run: into an input that another node still reads gives the old value to it", () =>
  withCpu(async (device) => {
    // a' = a + b = [11, 22], then c = a'·a = [11·1, 22·2]; with a' in a's place already, c would be
    // [121, 484].
    const next = add(a, b);
    const signature = { inputs: [a, b], outputs: { next, c: mul(next, a) } };
    await withProgram(device, signature, async (program) => {
      const state = floats(device, 1, 2);
      const { c } = await program.run({ a: state, b: floats(device, 10, 20) }, { next: state });
      expect(await values(c)).toEqual([11, 44]);
      expect(await values(state)).toEqual([11, 22]);
    });
  }));

Deno.test("Program.run: exchanges two tensors", () =>
  withCpu(async (device) => {
    const signature = { inputs: [a, b], outputs: { first: b, second: a } };
    await withProgram(device, signature, async (program) => {
      const [x, y] = [floats(device, 1, 2), floats(device, 3, 4)];
      await program.run({ a: x, b: y }, { first: x, second: y });
      expect([await values(x), await values(y)]).toEqual([[3, 4], [1, 2]]);
    });
  }));

Deno.test("Program.run: into a tensor that is no input replaces its values", () =>
  withCpu(async (device) => {
    await withProgram(
      device,
      { inputs: [a, b], outputs: { y: add(a, b), z: mul(a, b) } },
      async (program) => {
        const target = floats(device, 9, 9);
        const given = { a: floats(device, 1, 2), b: floats(device, 3, 4) };
        const { z } = await program.run(given, { y: target });
        expect([await values(target), await values(z)]).toEqual([[4, 6], [3, 8]]);
      },
    );
  }));

Deno.test("Program.run: computes on other threads, from the values at the call", () =>
  withCpu(async (device) => {
    const n = 1024;
    const x = input("x", "float32", [n, n]);
    const y = matmul(matmul(matmul(x, x), x), x);
    await withProgram(device, { inputs: [x], outputs: { y } }, async (program) => {
      const source = device.upload(new Float32Array(n * n).fill(1), [n, n], "float32");
      const others = new Float32Array(n * n).fill(5);
      let done = false;
      const run = program.run({ x: source }).finally(() => done = true);
      // Turns of the event loop, of about 1 ms, while 6·1024³ operations are done.
      let turns = 0;
      while (!done) {
        await new Promise((resolve) => setTimeout(resolve));
        if (turns++ === 0) source.write(others);
      }
      expect(turns).toBeGreaterThan(1);
      const result = (await run).y!;
      source.dispose();
      // Each of the three products of ones sums up n terms.
      expect((await result.read() as Float32Array).every((value) => value === n ** 3)).toBe(true);
    });
  }));

Deno.test("Program.run: two programs at once, tensors disposed of meanwhile", () =>
  withCpu(async (device) => {
    const x = input("x", "float32", [100_000]);
    const plus = await device.compile({ inputs: [x], outputs: { y: add(x, 1) } });
    const times = await device.compile({ inputs: [x], outputs: { y: mul(x, 2) } });
    for (let i = 0; i < 20; i++) {
      const source = device.upload(new Float32Array(100_000).fill(i), [100_000], "float32");
      const runs = [plus, times, plus].map((program) => program.run({ x: source }));
      source.dispose();
      // Would fall upon the source's memory if that were free already.
      const intruder = device.zeros([100_000], "float32");
      const found: boolean[] = [];
      for (const [k, { y }] of (await Promise.all(runs)).entries()) {
        const expected = k === 1 ? 2 * i : i + 1;
        found.push((await y!.read() as Float32Array).every((value) => value === expected));
        y!.dispose();
      }
      expect(found).toEqual([true, true, true]);
      intruder.dispose();
    }
    const last = plus.run({ x: device.zeros([100_000], "float32") });
    await Promise.all([plus.dispose(), times.dispose()]);
    expect((await (await last).y!.read())[0]).toBe(1);
  }));

Deno.test("Program.run: the same bits in 20 runs on 2 threads", () =>
  withCpu(async (device) => {
    const n = 512;
    const x = input("x", "float32", [n, n]);
    // Sums of terms of very different size: any change in their order shows.
    const noise = Float32Array.from({ length: n * n }, (_, i) => Math.sin(i) * 10 ** (i % 7));
    const given = { x: device.upload(noise, [n, n], "float32") };
    const outputs = { product: matmul(x, x), total: sum(x), columns: sum(x, [0]) };
    await withProgram(device, { inputs: [x], outputs }, async (program) => {
      const digests = new Set<string>();
      for (let i = 0; i < 20; i++) {
        const results = Object.values(await program.run(given));
        for (const [k, tensor] of results.entries()) {
          const bytes = new Uint8Array((await tensor.read()).buffer as ArrayBuffer);
          const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
          digests.add(`${k} ${digest.toHex()}`);
          tensor.dispose();
        }
      }
      expect(digests.size).toBe(Object.keys(outputs).length);
    });
  }));

Deno.test("Program.run: refuses what its signature does not declare", () =>
  withCpu(async (device) => {
    await withProgram(device, { inputs: [a], outputs: { y: exp(a) } }, async (program) => {
      const two = floats(device, 1, 2);
      const three = floats(device, 1, 2, 3);
      const whole = device.zeros([2], "int32");
      const refused: [Promise<unknown>, string][] = [
        [program.run({}), 'input "a" is missing'],
        [program.run({ a: two, b: two }), 'no input "b"'],
        [program.run({ a: three }), 'input "a": expected float32 [2], found float32 [3]'],
        [program.run({ a: whole }), 'input "a": expected float32 [2], found int32 [2]'],
        [program.run({ a: two }, { z: two }), 'no output "z"'],
        [program.run({ a: two }, { y: three }), 'output "y": expected float32 [2]'],
        [program.run({ a: { ...two, dtype: "float32", shape: [2] } }), "another device"],
      ];
      for (const [run, message] of refused) {
        await expect(run).rejects.toThrow(TypeError);
        await expect(run).rejects.toThrow(message);
      }
    });
  }));

Deno.test("Program.run: an operator's failure leaves everything as it was", () =>
  withCpu(async (device) => {
    const rows = input("rows", "int64", [2]);
    const signature = { inputs: [a, rows], outputs: { y: gather(a, rows) } };
    await withProgram(device, signature, async (program) => {
      const state = floats(device, 1, 2);
      const positions = device.upload(new BigInt64Array([0n, 9n]), [2], "int64");
      // The table has rows 0 and 1 only.
      await expect(program.run({ a: state, rows: positions }, { y: state }))
        .rejects.toThrow("must be within the inclusive range [-2,1]");
      expect(await values(state)).toEqual([1, 2]);
      positions.write(new BigInt64Array([1n, 0n]));
      await program.run({ a: state, rows: positions }, { y: state });
      expect(await values(state)).toEqual([2, 1]);
    });
  }));

Deno.test("Device.compile: programs share the memory of their temporaries", async () => {
  const script = new URL("../../../fixtures/shared_temporaries.ts", import.meta.url).pathname;
  const args = ["run", "-A", WITH_LOCK, script];
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), { args }).output();
  if (code !== 0) throw new Error(new TextDecoder().decode(stderr));
  const growth: number[] = JSON.parse(new TextDecoder().decode(stdout));
  expect(growth.length).toBe(4);
  // Four programs with memory of their own would take four times that of the first.
  expect(growth[0]).toBeGreaterThan(64e6);
  expect(growth.at(-1)).toBeLessThan(2 * growth[0]!);
});

Deno.test("Device.compile: reports ONNX Runtime's message for a bad model", () =>
  withCpu(async (device) => {
    const y = applySingle("NoSuchOperator", [a], { dtype: "float32", shape: [2] });
    await expect(device.compile({ inputs: [a], outputs: { y } })).rejects.toThrow("NoSuchOperator");
    const environment = new Environment({ threads: 1, spinning: false });
    await expect(environment.createSession(new Uint8Array([1, 2, 3]))).rejects
      .toThrow("protobuf parsing failed");
    environment.release();
  }));

Deno.test("DeviceTensor: read copies, write and clear replace, and sizes are checked", () =>
  withCpu(async (device) => {
    const given = new Float32Array([1, 2]);
    const tensor = device.upload(given, [2], "float32");
    given.fill(9);
    (await tensor.read()).fill(9 as never);
    expect(await values(tensor)).toEqual([1, 2]);
    tensor.write(new Float32Array([3, 4]));
    expect(await values(tensor)).toEqual([3, 4]);
    expect(() => tensor.write(new Float32Array(3))).toThrow(TypeError);
    expect(() => device.upload(new Int32Array(2), [2], "float32")).toThrow("needs a Float32Array");
    tensor.clear();
    expect(await values(tensor)).toEqual([0, 0]);
  }));

Deno.test("Device.zeros: are zeros in memory that was used before", () =>
  withCpu(async (device) => {
    floats(device, 5, 6, 7).dispose();
    expect(await values(device.zeros([3], "float32"))).toEqual([0, 0, 0]);
  }));

Deno.test("dispose: a second time, and use after it, throw", () =>
  withCpu(async (device) => {
    const program = await device.compile({ inputs: [a], outputs: { y: exp(a) } });
    const [gone, there] = [floats(device, 1, 2), floats(device, 1, 2)];
    gone.dispose();
    expect(() => gone.dispose()).toThrow("disposed twice");
    expect(() => gone.write(new Float32Array(2))).toThrow("after it was disposed");
    await expect(gone.read()).rejects.toThrow("after it was disposed");
    await expect(program.run({ a: gone })).rejects.toThrow("after it was disposed");
    await expect(program.run({ a: there }, { y: gone })).rejects.toThrow("after it was disposed");
    await program.dispose();
    await expect(program.dispose()).rejects.toThrow("disposed twice");
    await expect(program.run({ a: there })).rejects.toThrow("after it was disposed");
  }));

Deno.test("openCpu: asks for the model's size with the first tensor or program, once", async () => {
  const uses: readonly ((device: Device) => unknown)[] = [
    (device) => device.zeros([2], "float32"),
    (device) => floats(device, 1, 2),
    (device) => device.compile({ inputs: [a], outputs: { y: exp(a) } }),
    () => undefined,
  ];
  for (const use of uses) {
    let asked = 0;
    const device = openCpu("test", { threads: 2, modelSize: () => ++asked });
    expect(asked).toBe(0);
    await use(device);
    await use(device);
    expect(asked).toBe(use === uses.at(-1) ? 0 : 1);
    await device.dispose();
  }
});

Deno.test("Device.dispose: ends the device, not what was made on it", async () => {
  const device = openCpu("test");
  const program = await device.compile({ inputs: [a], outputs: { y: add(a, 1) } });
  const x = floats(device, 1, 2);
  await device.dispose();
  await device.dispose();
  expect(() => device.zeros([2], "float32")).toThrow("device: used after it was disposed");
  const { y } = await program.run({ a: x });
  expect(await values(y)).toEqual([2, 3]);
  await program.dispose();
  y!.dispose();
});

Deno.test("scatterAdd: loses no addition to a repeated row, on 2 threads", () =>
  withCpu(async (device) => {
    // 4096 rows of ones fall on 5 rows of zeros: 820 on the first, 819 on each of the others.
    const base = input("base", "float32", [5, 512]);
    const rows = input("rows", "int64", [4096]);
    const updates = input("updates", "float32", [4096, 512]);
    const given = {
      base: device.zeros([5, 512], "float32"),
      rows: device.upload(
        BigInt64Array.from({ length: 4096 }, (_, i) => BigInt(i % 5)),
        [4096],
        "int64",
      ),
      updates: device.upload(new Float32Array(4096 * 512).fill(1), [4096, 512], "float32"),
    };
    const signature = {
      inputs: [base, rows, updates],
      outputs: { y: scatterAdd(base, rows, updates) },
    };
    await withProgram(device, signature, async (program) => {
      for (let i = 0; i < 100; i++) {
        const { y } = await program.run(given);
        const sums = await y!.read() as Float32Array;
        expect([0, 1, 2, 3, 4].map((row) => sums[row * 512])).toEqual([820, 819, 819, 819, 819]);
        expect(sums.every((value, k) => value === (k < 512 ? 820 : 819))).toBe(true);
        y!.dispose();
      }
    });
  }));
