/** The sum of a matrix's rows: ONNX Runtime's reduction beside a product with ones. */
import { gemm, sum } from "../core/graph/linear.ts";
import { input, ones } from "../core/graph/node.ts";
import { openDevice } from "../core/host/devices/open_device.ts";

const device = await openDevice("cpu");
const [rows, columns] = [9472, 256];
const x = input("x", "float32", [rows, columns]);
const data = device.upload(new Float32Array(rows * columns).fill(1), [rows, columns], "float32");
const reduction = await device.compile({ inputs: [x], outputs: { y: sum(x, [0]) } });
const product = await device.compile({
  inputs: [x],
  outputs: { y: gemm(ones([1, rows]), x) },
});

Deno.bench({ name: "ReduceSum over axis 0", group: "sum of rows", baseline: true }, async () => {
  (await reduction.run({ x: data })).y!.dispose();
});
Deno.bench({ name: "product with ones", group: "sum of rows" }, async () => {
  (await product.run({ x: data })).y!.dispose();
});
