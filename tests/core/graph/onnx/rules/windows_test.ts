import { create } from "@bufbuild/protobuf";
import { expect } from "expect";
import { einsum } from "../../../../../core/graph/onnx/rules/einsum.ts";
import { windowsOf } from "../../../../../core/graph/onnx/rules/windows.ts";
import { createCall } from "../../../../../core/graph/onnx/call.ts";
import { input } from "../../../../../core/graph/node.ts";
import { NodeProtoSchema } from "../../../../../core/graph/onnx_pb.ts";

const call = (
  ints: Record<string, readonly number[]>,
  ceil = 0,
  auto = "NOTSET",
) =>
  createCall(
    create(NodeProtoSchema, {
      opType: "MaxPool",
      attribute: [
        ...Object.entries(ints).map(([name, values]) => ({
          name,
          type: 7,
          ints: values.map(BigInt),
        })),
        { name: "ceil_mode", type: 2, i: BigInt(ceil) },
        { name: "auto_pad", type: 3, s: new TextEncoder().encode(auto) },
      ],
    }),
    { opset: 17, inputs: [], branch: () => [] },
  );

Deno.test("windowsOf: counts as ⌊(length + pads − span) / stride⌋ + 1, or its ceiling", () => {
  // (7 + 2 − 3) / 2 + 1 = 4; without pads, rounded up: ⌈(6 − 3) / 2⌉ + 1 = 3.
  expect(windowsOf(call({ strides: [2], pads: [1, 1] }), [7], [3]).count).toEqual([4]);
  expect(windowsOf(call({ strides: [2] }), [6], [3]).count).toEqual([2]);
  expect(windowsOf(call({ strides: [2] }, 1), [6], [3]).count).toEqual([3]);
  // A third window would begin in the padding after the end: ⌈(4 + 1 − 1) / 2⌉ + 1 = 3.
  expect(windowsOf(call({ strides: [2], pads: [0, 1] }, 1), [4], [1]).count).toEqual([2]);
});

Deno.test("windowsOf: auto_pad keeps ⌈length / stride⌉ windows, the odd place at the named end", () => {
  expect(windowsOf(call({ strides: [2] }, 0, "SAME_UPPER"), [6], [3]))
    .toMatchObject({ pads: [[0, 1]], count: [3] });
  expect(windowsOf(call({ strides: [2] }, 0, "SAME_LOWER"), [6], [3]).pads).toEqual([[1, 0]]);
  expect(() => windowsOf(call({}, 0, "SAME"), [6], [3])).toThrow(/expected a known auto_pad/);
});

Deno.test("einsum: an equation that does not fit is refused", () => {
  const square = input("x", "float32", [2, 2]);
  expect(() => einsum("ii->i", [square])).toThrow(/expected a letter of its own for each axis/);
  expect(() => einsum("ij,jk", [square])).toThrow(/does not name 1 operands/);
});
