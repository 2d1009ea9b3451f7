import { expect } from "expect";
import { cast } from "../../../core/graph/cast.ts";
import { gradient } from "../../../core/graph/gradient.ts";
import { gather, scatterAdd } from "../../../core/graph/indexing.ts";
import { gemm, sum } from "../../../core/graph/linear.ts";
import { input, ones } from "../../../core/graph/node.ts";
import { layerNormalization } from "../../../core/graph/normalization.ts";
import { softmax } from "../../../core/graph/softmax.ts";
import type { Tensor } from "../../../core/graph/tensor.ts";
import { mul } from "../../../core/graph/elementwise.ts";
import { forWebGpu } from "../../../core/graph/webgpu_forms.ts";
import { openDevice } from "../../../core/host/devices/open_device.ts";
import { relativeDifference } from "../../helpers/compare.ts";
import { nodeOperators } from "../../helpers/onnx_inspection.ts";

const x = input("x", "float32", [6, 4]);
const scale = input("scale", "float32", []);
const ids = input("ids", "int64", [6]);
const inputs = [x, scale, ids];

const operatorsOf = (y: Tensor) =>
  nodeOperators({ inputs, outputs: { y: forWebGpu([y])[0]! } }).toSorted();

Deno.test("forWebGpu: a sum to one number is a reduction, not a product of one thread", () => {
  const [byScale] = gradient(sum(mul(x, scale)), [scale]);
  expect(operatorsOf(byScale!)).not.toContain("Gemm");
  expect(operatorsOf(byScale!)).toContain("ReduceSum");
  const row = input("row", "float32", [1, 9]);
  const long = forWebGpu([gemm(row, row, ones([1, 1]), { transposeB: true })]);
  expect(nodeOperators({ inputs: [row], outputs: { y: long[0]! } }).toSorted())
    .toEqual(["Add", "Mul", "ReduceSum", "Reshape", "Reshape", "Reshape"]);
});

Deno.test("forWebGpu: norms are given what is centred, softmax is divided by its sum", () => {
  expect(operatorsOf(layerNormalization(x, ones([4]), ones([4]))))
    .toEqual(["LayerNormalization", "ReduceMean", "Sub"]);
  expect(operatorsOf(softmax(x))).toEqual(["Div", "ReduceSum", "Softmax"]);
});

Deno.test("forWebGpu: only positions that the host does not see are looked at on the way", () => {
  expect(operatorsOf(gather(x, ids))).toEqual(["Gather"]);
  const computed = cast(input("real", "float32", [6]), "int64");
  const inputs = [x, computed.node.inputs[0]!];
  for (const y of [gather(x, computed), scatterAdd(x, computed, x)]) {
    expect(nodeOperators({ inputs, outputs: { y: forWebGpu([y])[0]! } })).toContain("Where");
  }
  // Of integers there is no NaN to give.
  expect(() => forWebGpu([gather(ids, computed)])).toThrow(TypeError);
});

Deno.test("forWebGpu: the forms give what the operators give", async () => {
  const device = await openDevice("cpu");
  const real = input("real", "float32", [6]);
  const weight = input("weight", "float32", [4]);
  const rows = cast(real, "int64");
  const normed = layerNormalization(
    scatterAdd(x, rows, mul(gather(x, rows), scale)),
    weight,
    weight,
  );
  const total = sum(mul(softmax(normed), mul(normed, scale)));
  const plain = [total, ...gradient(total, [x, scale, weight])];
  const all = [...plain, ...forWebGpu(plain)];
  const program = await device.compile({
    inputs: [x, scale, weight, real],
    outputs: Object.fromEntries(all.map((tensor, i) => [`y${i}`, tensor])),
  });
  const given = {
    x: device.upload(
      Float32Array.from({ length: 24 }, (_, i) => (i * 7 % 11) / 3),
      [6, 4],
      "float32",
    ),
    scale: device.upload(Float32Array.of(0.7), [], "float32"),
    weight: device.upload(Float32Array.of(1, 2, 0.5, 1.5), [4], "float32"),
    real: device.upload(Float32Array.of(0, 5, 5, 2, -6, 1), [6], "float32"),
  };
  const values: Float32Array[] = [];
  for (const tensor of Object.values(await program.run(given))) {
    values.push(await tensor.read() as Float32Array);
    tensor.dispose();
  }
  for (const [i] of plain.entries()) {
    expect(relativeDifference(values[i + plain.length]!, values[i]!)).toBeLessThan(1e-5);
  }
  for (const tensor of Object.values(given)) tensor.dispose();
  await program.dispose();
  await device.dispose();
});
