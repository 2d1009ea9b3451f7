import { expect } from "expect";
import { fromBinary } from "@bufbuild/protobuf";
import { ModelProtoSchema } from "../../../core/graph/onnx_pb.ts";
import { similarityNumbers } from "../../../plugins/onnx/similarity_numbers.ts";
import { initializer, type NodeOfTest, onnxBytes } from "../../helpers/onnx_model.ts";

function found(nodes: readonly NodeOfTest[], output = "logits_per_image") {
  const bytes = onnxBytes({
    nodes: [["MatMul", ["text", "image"], ["cosines"]], ...nodes],
    inputs: { text: [2, 3], image: [3, 2] },
    outputs: { [output]: [2, 2] },
    initializers: [
      initializer("onnx::Exp_1", [2], [1]),
      initializer("onnx::Add_2", [-10], [1]),
      initializer("wide", [1, 2], [2]),
    ],
  });
  return similarityNumbers(fromBinary(ModelProtoSchema, bytes).graph!);
}

Deno.test("similarityNumbers: the scale's logarithm and the bias, on the way to the cosines", () => {
  expect(found([
    ["Exp", ["onnx::Exp_1"], ["factor"]],
    ["Cast", ["factor"], ["cast"], { to: 1 }],
    ["Mul", ["cosines", "cast"], ["scaled"]],
    ["Add", ["onnx::Add_2", "scaled"], ["logits"]],
    ["Transpose", ["logits"], ["logits_per_image"]],
  ])).toEqual({ scale: { name: "onnx::Exp_1", isLogarithm: true }, bias: "onnx::Add_2" });
});

Deno.test("similarityNumbers: the factor itself; nothing where none is found", () => {
  expect(found([["Mul", ["onnx::Exp_1", "cosines"], ["logits_per_image"]]]))
    .toEqual({ scale: { name: "onnx::Exp_1", isLogarithm: false } });
  expect(found([["Mul", ["cosines", "wide"], ["logits_per_image"]]])).toEqual({});
  expect(found([["Mul", ["cosines", "onnx::Exp_1"], ["other"]]], "other")).toEqual({});
});
