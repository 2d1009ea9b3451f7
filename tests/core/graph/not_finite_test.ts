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
import { logSoftmax, logSumExp } from "../../../core/graph/softmax.ts";
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
  logSumExp,
  logSoftmax,
  l2Normalize,
  layerNormalization: (x) => layerNormalization(x, ones([3]), zeros([3])),
  abs,
  exp,
  sqrt,
  sigmoid,
  tanh,
  gelu,
  quickGelu,
};

/** A NaN in the second row of three: the other rows stay finite, the second does not. */
async function checkNaN(kind: DeviceKind): Promise<void> {
  const device = await openDevice(kind);
  const x = input("x", "float32", [3, 3]);
  const outputs = Object.fromEntries(
    Object.entries(operators).map(([name, operator]) => [name, operator(x)]),
  );
  const program = await device.compile({ inputs: [x], outputs });
  const given = device.upload(Float32Array.of(1, 2, 3, NaN, 1, 2, 5, 1, 0), [3, 3], "float32");
  for (const [name, tensor] of Object.entries(await program.run({ x: given }))) {
    const values = await tensor.read() as Float32Array;
    const row = (
      i: number,
    ) => [...values.subarray(i * values.length / 3, (i + 1) * values.length / 3)];
    expect([name, row(1).some(Number.isNaN)]).toEqual([name, true]);
    expect([name, [...row(0), ...row(2)].every(Number.isFinite)]).toEqual([name, true]);
    tensor.dispose();
  }
  given.dispose();
  await program.dispose();
  await device.dispose();
}

for (const kind of ["cpu", "wasm", "webgpu"] as const) {
  Deno.test({
    name: `relu, clip and all others: a NaN stays one on ${kind}`,
    ignore: kind === "webgpu" && !await findWebGpu(),
    fn: () => checkNaN(kind),
  });
}
