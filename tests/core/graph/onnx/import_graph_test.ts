import { create, fromBinary, toBinary } from "@bufbuild/protobuf";
import { expect } from "expect";
import { quickGelu, silu } from "../../../../core/graph/activation.ts";
import { mul, sigmoid } from "../../../../core/graph/elementwise.ts";
import { gradient } from "../../../../core/graph/gradient.ts";
import { sum } from "../../../../core/graph/linear.ts";
import { applySingle, input } from "../../../../core/graph/node.ts";
import { createCall } from "../../../../core/graph/onnx/call.ts";
import { callFunction } from "../../../../core/graph/onnx/functions.ts";
import { importGraph } from "../../../../core/graph/onnx/import_graph.ts";
import { knownValues } from "../../../../core/graph/onnx/known_values.ts";
import { parseModel } from "../../../../core/graph/onnx/parse_model.ts";
import {
  FunctionProtoSchema,
  ModelProtoSchema,
  NodeProtoSchema,
} from "../../../../core/graph/onnx_pb.ts";
import type { Tensor } from "../../../../core/graph/tensor.ts";
import { toModel } from "../../../../core/graph/to_model.ts";
import { topologicalOrder } from "../../../../core/graph/topology.ts";
import { initializer, type NodeOfTest, onnxBytes } from "../../../helpers/onnx_model.ts";

const x = input("x", "float32", [4, 2, 3]);

function read(
  nodes: readonly NodeOfTest[],
  more: Omit<Parameters<typeof onnxBytes>[0], "nodes" | "outputs"> = {},
  options: Partial<Parameters<typeof importGraph>[1]> = {},
): Tensor {
  const bytes = onnxBytes({
    nodes,
    inputs: { x: ["batch", 2, 3] },
    outputs: { y: ["batch"] },
    ...more,
  });
  return importGraph(parseModel(bytes, "model"), {
    inputs: new Map([["x", x]]),
    outputs: ["y"],
    ...options,
  }).get("y")!;
}

Deno.test("importGraph: shape arithmetic is folded with the batch that is given", () => {
  // y = reshape(x, concat(shape(x)[0:1], [-1])), as PyTorch writes x.flatten(1).
  const y = read([
    ["Shape", ["x"], ["s"]],
    ["Gather", ["s", "zero"], ["n"]],
    ["Unsqueeze", ["n", "axis"], ["n1"]],
    ["Concat", ["n1", "rest"], ["target"], { axis: 0 }],
    ["Reshape", ["x", "target"], ["y"]],
  ], {
    initializers: [
      initializer("zero", [0], [], "int64"),
      initializer("axis", [0], [1], "int64"),
      initializer("rest", [-1], [1], "int64"),
    ],
  });
  expect(y.shape).toEqual([4, 6]);
  expect(topologicalOrder([y]).map(({ op }) => op)).toEqual(["input", "constant", "Reshape"]);
});

Deno.test("importGraph: the end of an axis as the largest int64", () => {
  // y = reshape(x, concat(shape(x)[1:], [-1])), as PyTorch's new exporter writes it unless it optimizes.
  const y = read([
    ["Shape", ["x"], ["s"]],
    ["Constant", [], ["start"], { value_ints: [1] }],
    ["Constant", [], ["end"], { value_ints: [2n ** 63n - 1n] }],
    ["Slice", ["s", "start", "end"], ["inner"]],
    ["Constant", [], ["rest"], { value_ints: [-1] }],
    ["Concat", ["inner", "rest"], ["target"], { axis: 0 }],
    ["Reshape", ["x", "target"], ["y"]],
  ]);
  expect(y.shape).toEqual([2, 3, 4]);
});

Deno.test("importGraph: an operator without rule is refused by its name and its node's", () => {
  expect(() => read([["Relu", ["x"], ["r"]], ["Det", ["r"], ["y"]]]))
    .toThrow(new TypeError('node "node 1" (Det): no rule for this operator'));
  const attributes = { nothing: 1 };
  expect(() => read([["Relu", ["x"], ["y"], attributes]])).toThrow(
    'node "node 0" (Relu) of [4, 2, 3]: expected no other attributes than are known, found "nothing"',
  );
  expect(() => read([["Relu", ["x", "x"], ["y"]]])).toThrow(
    'node "node 0" (Relu) of [4, 2, 3], [4, 2, 3]: expected no more operands than are known, ' +
      "found one at place 1",
  );
});

Deno.test("importGraph: a shape that depends on values is refused by its source", () => {
  expect(() => read([["Cast", ["x"], ["s"], { to: 7 }], ["Reshape", ["x", "s"], ["y"]]])).toThrow(
    /node "node 1" \(Reshape\).*expected a shape that are known when the model is read, found a result of Cast/,
  );
});

Deno.test("importGraph: what the wanted outputs do not need is not read", () => {
  const y = read([["Det", ["x"], ["other"]], ["Relu", ["x"], ["y"]]]);
  expect(y.node.op).toBe("Max");
  expect(() => read([["Relu", ["z"], ["y"]]])).toThrow(
    new SyntaxError('node "node 0" (Relu): expected a value "z", found none'),
  );
});

Deno.test("importGraph: initializers are constants, or the parameters that stand for them", () => {
  const w = input("w", "float32", [3]);
  const more = { initializers: [initializer("w", [1, 2, 3], [3])] };
  const nodes: readonly NodeOfTest[] = [["Mul", ["x", "w"], ["y"]]];
  expect(knownValues(read(nodes, more).node.inputs[1]!)).toEqual([1, 2, 3]);
  const y = read(nodes, more, { parameter: (name) => name === "w" ? w : undefined });
  expect(gradient(sum(y), [w])[0]!.shape).toEqual([3]);
});

Deno.test("callFunction: an operator that the model brings along, with its attributes", () => {
  const bytes = onnxBytes({
    nodes: [["Twice", ["x"], ["y"], { axis: 2 }]],
    inputs: { x: ["batch", 2, 3] },
    outputs: { y: ["batch"] },
  });
  const proto = fromBinary(ModelProtoSchema, bytes);
  proto.graph!.node[0]!.domain = "own";
  proto.functions.push(create(FunctionProtoSchema, {
    name: "Twice",
    domain: "own",
    input: ["a"],
    output: ["b"],
    attribute: ["axis"],
    node: [
      create(NodeProtoSchema, {
        opType: "Concat",
        input: ["a", "a"],
        output: ["b"],
        attribute: [{ name: "axis", refAttrName: "axis", type: 2 }],
      }),
    ],
  }));
  const model = parseModel(toBinary(ModelProtoSchema, proto), "model");
  expect(importGraph(model, { inputs: new Map([["x", x]]) }).get("y")!.shape).toEqual([4, 2, 6]);
  expect(callFunction.length).toBe(5);
});

Deno.test("createCall: an attribute of another type is refused", () => {
  const node = create(NodeProtoSchema, {
    opType: "Concat",
    attribute: [{ name: "axis", type: 1, f: 1 }],
  });
  const call = createCall(node, { opset: 17, inputs: [], branch: () => [] });
  expect(() => call.int("axis", 0))
    .toThrow(new TypeError("expected attribute axis of type INT, found FLOAT"));
});

Deno.test("importGraph: ONNX Runtime's QuickGelu, by CLIP's factor and by others", () => {
  const read = (alpha?: number) => {
    const y = applySingle("QuickGelu", [x], {
      domain: "com.microsoft",
      attributes: alpha === undefined ? {} : { alpha: { float: alpha } },
      dtype: "float32",
      shape: x.shape,
    });
    const bytes = toModel({ inputs: [x], outputs: { y } });
    return importGraph(parseModel(bytes, "model"), { inputs: new Map([["x", x]]) }).get("y")!;
  };
  const bytes = (y: Tensor) => toModel({ inputs: [x], outputs: { y } });
  expect(bytes(read())).toEqual(bytes(quickGelu(x)));
  expect(bytes(read(1.702))).toEqual(bytes(quickGelu(x)));
  expect(bytes(read(1))).toEqual(bytes(silu(x)));
  expect(bytes(read(2))).toEqual(bytes(mul(x, sigmoid(mul(x, 2)))));
});
