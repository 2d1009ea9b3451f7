import { expect } from "expect";
import type { Device } from "../../../core/device/device.ts";
import { mul, relu } from "../../../core/graph/elementwise.ts";
import { gradient } from "../../../core/graph/gradient.ts";
import { gemm, matmul, sum } from "../../../core/graph/linear.ts";
import { shortenProduct } from "../../../core/graph/long_product.ts";
import { input, sizeOf } from "../../../core/graph/node.ts";
import type { Shape, Tensor } from "../../../core/graph/tensor.ts";
import { openDevice } from "../../../core/host/devices/open_device.ts";
import { relativeDifference } from "../../helpers/compare.ts";
import { findWebGpu } from "../../helpers/devices.ts";
import { nodeOperators } from "../../helpers/onnx_inspection.ts";

/** Numbers of both signs, which do not cancel out. */
const numbers = (length: number) => Float32Array.from({ length }, (_, i) => (i * 7 % 11 - 3) / 8);

async function run(
  device: Device,
  inputs: readonly Tensor[],
  y: Tensor,
): Promise<ArrayLike<number>> {
  const program = await device.compile({ inputs, outputs: { y } });
  const given = Object.fromEntries(inputs.map((x) => [
    x.node.inputName!,
    device.upload(numbers(sizeOf(x.shape)), x.shape, "float32"),
  ]));
  const { y: result } = await program.run(given);
  const values = await result!.read() as Float32Array;
  for (const tensor of [result!, ...Object.values(given)]) tensor.dispose();
  await program.dispose();
  return values;
}

Deno.test("shortenProduct: the sum of the parts is the product, however its sides are turned", async () => {
  const device = await openDevice("cpu");
  const turned = (shape: Shape, turn: boolean) => turn ? shape.toReversed() : shape;
  for (
    const [transposeA, transposeB] of [[false, false], [false, true], [true, false], [true, true]]
  ) {
    const a = input("a", "float32", turned([2, 10], transposeA!));
    const b = input("b", "float32", turned([10, 3], transposeB!));
    for (const c of [undefined, input("c", "float32", [3]), input("c", "float32", [2, 3])]) {
      const whole = gemm(a, b, c, { transposeA: transposeA!, transposeB: transposeB! });
      const inputs = [a, b, ...c === undefined ? [] : [c]];
      const expected = await run(device, inputs, whole);
      for (const longest of [4, 5, 9]) {
        const parts = shortenProduct(whole.node, longest)!;
        expect(relativeDifference(await run(device, inputs, parts), expected)).toBeLessThan(1e-6);
        const count = nodeOperators({ inputs, outputs: { parts } }).filter((op) => op === "Gemm");
        expect(count.length).toBe(Math.ceil(10 / longest));
      }
      expect(shortenProduct(whole.node, 10)).toBeUndefined();
    }
  }
  const a = input("a", "float32", [4, 2, 10]);
  const b = input("b", "float32", [10, 3]);
  const whole = matmul(a, b);
  const parts = shortenProduct(whole.node, 4)!;
  const expected = await run(device, [a, b], whole);
  expect(relativeDifference(await run(device, [a, b], parts), expected)).toBeLessThan(1e-6);
  expect(shortenProduct(relu(a).node, 1)).toBeUndefined();
  await device.dispose();
});

/** Sums and products of so many terms that a software driver ends their loops early. */
async function checkLong(device: Device): Promise<void> {
  // Lengths from 61,682 on were wrong.
  for (const length of [100_000]) {
    const data = numbers(length);
    const total = data.reduce((sum, value) => sum + value, 0);
    const squares = data.reduce((sum, value) => sum + value * value, 0);
    const x = input("x", "float32", [length]);
    const column = input("column", "float32", [length, 1]);
    const row = input("row", "float32", [1, length]);
    const scale = input("scale", "float32", []);
    // The gradient of a scale is a sum over all that it was stretched to.
    const [byScale] = gradient(sum(mul(x, scale)), [scale]);
    const cases: readonly (readonly [inputs: readonly Tensor[], y: Tensor, expected: number])[] = [
      [[x, scale], byScale!, total],
      // As a weight's gradient, over all rows of a batch.
      [[column], gemm(column, column, undefined, { transposeA: true }), squares],
      [[row], gemm(row, row, undefined, { transposeB: true }), squares],
      [[row, column], matmul(row, column), squares],
    ];
    for (const [inputs, y, expected] of cases) {
      expect(relativeDifference(await run(device, inputs, y), [expected])).toBeLessThan(1e-5);
    }
  }
}

for (const kind of ["cpu", "webgpu"] as const) {
  Deno.test({
    name: `gemm, matmul, sumTo: any number of terms on ${kind}`,
    ignore: kind === "webgpu" && !await findWebGpu(),
    fn: async () => {
      const device = await openDevice(kind);
      await checkLong(device);
      await device.dispose();
    },
  });
}
