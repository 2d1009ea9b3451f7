import { expect } from "expect";
import { countFlops, countWork } from "../../../bench/gpu/flops.ts";
import { add, relu } from "../../../core/graph/elementwise.ts";
import { conv2d, convTranspose2d } from "../../../core/graph/convolution.ts";
import { gemm, matmul } from "../../../core/graph/linear.ts";
import { input } from "../../../core/graph/node.ts";
import { openDevice } from "../../../core/host/devices/open_device.ts";

const a = input("a", "float32", [5, 3]);
const b = input("b", "float32", [5, 7]);

Deno.test("countFlops: two for each term of a product or a convolution", () => {
  // [3, 5] · [5, 7]: 3 · 7 results of 5 terms.
  expect(countFlops({ outputs: { y: gemm(a, b, undefined, { transposeA: true }) } }))
    .toBe(2 * 3 * 7 * 5);
  const stack = input("stack", "float32", [4, 2, 5]);
  expect(countFlops({ outputs: { y: relu(matmul(stack, b)) } })).toBe(2 * 4 * 2 * 7 * 5);
  const [x, kernel] = [input("x", "float32", [2, 3, 8, 8]), input("k", "float32", [6, 3, 2, 2])];
  const y = conv2d(x, kernel, undefined, { stride: 2 });
  // 2 · 6 · 4 · 4 results of 3 · 2 · 2 terms; the way back has as many.
  expect(countFlops({ outputs: { y } })).toBe(2 * 192 * 12);
  expect(countFlops({ outputs: { x: convTranspose2d(y, kernel, [8, 8], { stride: 2 }) } }))
    .toBe(2 * 2 * 192 * 12);
});

Deno.test("countWork: counts every run", async () => {
  const device = countWork(await openDevice("cpu"));
  const [c, d] = [input("c", "float32", [2, 2]), input("d", "float32", [2, 2])];
  const program = await device.compile({ inputs: [c, d], outputs: { y: add(matmul(c, d), 1) } });
  const zeros = device.zeros([2, 2], "float32");
  for (let run = 1; run <= 2; run++) {
    (await program.run({ c: zeros, d: zeros })).y!.dispose();
    expect(device.flops()).toBe(run * 2 * 4 * 2);
  }
  zeros.dispose();
  await program.dispose();
  await device.dispose();
});
