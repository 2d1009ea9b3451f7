import { expect } from "expect";
import { gemm } from "../../../core/graph/linear.ts";
import { input } from "../../../core/graph/node.ts";
import { inPrecision } from "../../../core/towers/in_precision.ts";

Deno.test("inPrecision: each tensor stays in its place and type; only what it is made of changes", () => {
  const x = input("x", "float32", [2, 2]);
  const tree = { whole: gemm(x, x), parts: { given: x } };
  expect(inPrecision(tree, "float32")).toBe(tree);
  const half = inPrecision(tree, "float16");
  expect(half.parts.given).toBe(x);
  expect([half.whole.dtype, half.whole.node.op]).toEqual(["float32", "Cast"]);
  expect(half.whole.node.inputs[0]!.dtype).toBe("float16");
});
