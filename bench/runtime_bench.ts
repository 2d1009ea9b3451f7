/**
 * The CPU device beside onnxruntime-node's own interface, which copies every output.
 *
 * Run it with `deno bench -A bench/runtime_bench.ts`.
 *
 * @module
 */
import { matmul } from "../core/graph/linear.ts";
import * as ort from "onnxruntime-node";
import { add, div, mul, sqrt, square, sub } from "../core/graph/elementwise.ts";
import { input, sizeOf } from "../core/graph/node.ts";
import { scatterAdd } from "../core/graph/indexing.ts";
import type { Shape } from "../core/graph/tensor.ts";
import { type Signature, toModel } from "../core/graph/to_model.ts";
import { openCpu } from "../core/host/devices/cpu.ts";
import type { DeviceTensor } from "../core/device/device.ts";

// Opened before the first session of onnxruntime-node, whose environment has no shared threads.
const device = openCpu("bench");

/**
 * One group of two benches.
 *
 * @param into Which output takes the place of which input.
 */
function compare(
  group: string,
  signature: Signature,
  into: Readonly<Record<string, string>> = {},
): void {
  const rowsOf = (shape: Shape) =>
    BigInt64Array.from({ length: sizeOf(shape) }, (_, i) => BigInt(i));
  const start = () =>
    signature.inputs.map(({ dtype, shape, node }) =>
      [
        node.inputName!,
        dtype === "int64" ? rowsOf(shape) : new Float32Array(sizeOf(shape)).fill(0.5),
        shape,
        dtype,
      ] as const
    );

  let ours: (() => Promise<void>) | undefined;
  Deno.bench({ name: "CPU device", group }, async (timer) => {
    ours ??= await prepareOurs();
    timer.start();
    await ours();
    timer.end();
  });
  const prepareOurs = async () => {
    const program = await device.compile(signature, { inPlace: true });
    const tensors: Record<string, DeviceTensor> = {};
    for (const [name, data, shape, dtype] of start()) {
      tensors[name] = device.upload(data, shape, dtype);
    }
    const targets = Object.fromEntries(
      Object.entries(into).map(([output, name]) => [output, tensors[name]!]),
    );
    return async () => {
      const results = await program.run(tensors, targets);
      for (const tensor of Object.values(results)) tensor.dispose();
    };
  };

  let theirs: (() => Promise<void>) | undefined;
  Deno.bench({ name: "onnxruntime-node", group, baseline: true }, async (timer) => {
    theirs ??= await prepareTheirs();
    timer.start();
    await theirs();
    timer.end();
  });
  const prepareTheirs = async () => {
    const session = await ort.InferenceSession.create(toModel(signature), { logSeverityLevel: 3 });
    const feeds: Record<string, ort.Tensor> = {};
    for (const [name, data, shape] of start()) feeds[name] = new ort.Tensor(data, shape);
    return async () => {
      const results = await session.run(feeds);
      for (const [output, name] of Object.entries(into)) feeds[name] = results[output]!;
    };
  };
}

for (const n of [65_536, 1_048_576, 25_296_896]) {
  const of = (name: string) => input(name, "float32", [n]);
  const [parameter, gradient, mean, variance] = [of("p"), of("g"), of("m"), of("v")];
  const m = add(mul(mean, 0.9), mul(gradient, 0.1));
  const v = add(mul(variance, 0.98), mul(square(gradient), 0.02));
  const p = sub(mul(parameter, 0.9999), div(mul(m, 1e-4), add(sqrt(v), 1e-6)));
  compare(`AdamW's update of ${n} elements`, {
    inputs: [parameter, gradient, mean, variance],
    outputs: { nextP: p, nextM: m, nextV: v },
  }, { nextP: "p", nextM: "m", nextV: "v" });
}

const table = input("table", "float32", [49_408, 512]);
const rows = input("rows", "int64", [512]);
const updates = input("updates", "float32", [512, 512]);
compare("512 rows added into [49408, 512]", {
  inputs: [table, rows, updates],
  outputs: { sum: scatterAdd(table, rows, updates) },
}, { sum: "table" });

const left = input("left", "float32", [512, 768]);
const right = input("right", "float32", [768, 3072]);
// 2·512·768·3072 = 2.416e9 operations: GFLOP/s are 2,416 by the milliseconds.
compare("MatMul 512×768×3072, 2.416 GFLOP", {
  inputs: [left, right],
  outputs: { product: matmul(left, right) },
});

const x = input("x", "float32", [4]);
compare("a run's overhead: x + 1 for 4 elements", { inputs: [x], outputs: { y: add(x, 1) } });
