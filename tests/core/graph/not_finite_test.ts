import { expect } from "expect";
import type { DeviceKind } from "../../../core/device/device.ts";
import { gelu, quickGelu } from "../../../core/graph/activation.ts";
import { l2Normalize } from "../../../core/graph/composite.ts";
import {
  abs,
  clip,
  exp,
  maximum,
  minimum,
  relu,
  sigmoid,
  sqrt,
  tanh,
} from "../../../core/graph/elementwise.ts";
import { sum } from "../../../core/graph/linear.ts";
import { input, ones, zeros } from "../../../core/graph/node.ts";
import { layerNormalization } from "../../../core/graph/normalization.ts";
import { max, mean, min } from "../../../core/graph/reduce.ts";
import { logSoftmax, logSumExp, softmax } from "../../../core/graph/softmax.ts";
import type { Tensor } from "../../../core/graph/tensor.ts";
import { openDevice } from "../../../core/host/devices/open_device.ts";
import { findWebGpu } from "../../helpers/devices.ts";

const operators: Readonly<Record<string, (x: Tensor) => Tensor>> = {
  relu,
  clip: (x) => clip(x, 0, 4),
  maximum: (x) => maximum(x, 0),
  minimum: (x) => minimum(x, 0),
  max: (x) => max(x, [1]),
  min: (x) => min(x, [1]),
  sum: (x) => sum(x, [1]),
  mean: (x) => mean(x, [1]),
  softmax,
  logSumExp,
  logSoftmax,
  l2Normalize,
  layerNormalization: (x) => layerNormalization(x, ones([WIDTH]), zeros([WIDTH])),
  abs,
  exp,
  sqrt,
  sigmoid,
  tanh,
  gelu,
  quickGelu,
};

/** A row for each of a group's threads, and more. */
const WIDTH = 70;

/** Rows whose middle one holds what is not finite: the other rows stay finite, it gives a NaN. */
async function checkRows(
  kind: DeviceKind,
  operators: Readonly<Record<string, (x: Tensor) => Tensor>>,
  middles: readonly Float32Array[],
): Promise<void> {
  const device = await openDevice(kind);
  const x = input("x", "float32", [3, WIDTH]);
  const outputs = Object.fromEntries(
    Object.entries(operators).map(([name, operator]) => [name, operator(x)]),
  );
  const program = await device.compile({ inputs: [x], outputs });
  for (const middle of middles) {
    const data = Float32Array.from({ length: 3 * WIDTH }, (_, i) => i % 7);
    data.set(middle, WIDTH);
    const given = device.upload(data, [3, WIDTH], "float32");
    for (const [name, tensor] of Object.entries(await program.run({ x: given }))) {
      const values = await tensor.read() as Float32Array;
      const length = values.length / 3;
      const row = (i: number) => [...values.subarray(i * length, (i + 1) * length)];
      expect([name, row(1).some(Number.isNaN)]).toEqual([name, true]);
      expect([name, [...row(0), ...row(2)].every(Number.isFinite)]).toEqual([name, true]);
      tensor.dispose();
    }
    given.dispose();
  }
  await program.dispose();
  await device.dispose();
}

const oneNaN = [0, 1, 34, WIDTH - 1].map((place) =>
  new Float32Array(WIDTH).fill(2).fill(NaN, place, place + 1)
);
const nothing = new Float32Array(WIDTH).fill(-Infinity);

for (const kind of ["cpu", "wasm", "webgpu"] as const) {
  Deno.test({
    name: `relu, clip and all others: a NaN stays one, wherever it stands, on ${kind}`,
    ignore: kind === "webgpu" && !await findWebGpu(),
    fn: () => checkRows(kind, operators, oneNaN),
  });
  Deno.test({
    name: `softmax and its relatives: a row of −∞ alone gives NaN on ${kind}`,
    ignore: kind === "webgpu" && !await findWebGpu(),
    fn: () => checkRows(kind, { softmax, logSoftmax, logSumExp }, [nothing]),
  });
}
