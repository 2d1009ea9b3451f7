import { expect } from "expect";
import { fromBinary } from "@bufbuild/protobuf";
import { type GraphProto, ModelProtoSchema } from "../../../core/graph/onnx_pb.ts";
import { partInitializers } from "../../../plugins/onnx/merged_initializers.ts";
import { initializer, type NodeOfTest, onnxBytes } from "../../helpers/onnx_model.ts";

const nowhere = (): never => {
  throw new Error("no other file");
};

function graphOf(nodes: readonly NodeOfTest[], names: readonly string[]): GraphProto {
  const initializers = names.map((name) => initializer(name, [1, 1], [2]));
  const bytes = onnxBytes({ nodes, inputs: { x: [2] }, outputs: { y: [2] }, initializers });
  return fromBinary(ModelProtoSchema, bytes).graph!;
}

/** What the new exporter leaves at a node. */
function tell(graph: GraphProto, place: number, scopes: readonly string[], call: string): void {
  graph.node[place]!.metadataProps.push(
    { key: "pkg.torch.onnx.name_scopes", value: `['', '${scopes.join("', '")}']` } as never,
    { key: "pkg.torch.onnx.fx_node", value: call } as never,
  );
}

const partsOf = ({ initializer, node }: GraphProto) => ({
  initializers: initializer.map(({ name }) => name),
  nodes: node.map(({ opType, input }) => [opType, ...input]),
});

Deno.test("partInitializers: what the legacy exporter passes on under another name", () => {
  const graph = graphOf([
    ["Identity", ["a.weight"], ["b.weight"]],
    ["Identity", ["a.weight"], ["onnx::Mul_7"]],
    // Values within the graph, and of it, are no parameters.
    ["Identity", ["a.weight"], ["/b/Identity_output_0"]],
    ["Mul", ["x", "a.weight"], ["/Mul_output_0"]],
    ["Mul", ["/Mul_output_0", "b.weight"], ["/Mul_1_output_0"]],
    ["Mul", ["/Mul_1_output_0", "onnx::Mul_7"], ["/Mul_2_output_0"]],
    ["Mul", ["/Mul_2_output_0", "/b/Identity_output_0"], ["y"]],
  ], ["a.weight"]);
  partInitializers(graph, nowhere);
  expect(partsOf(graph)).toEqual({
    initializers: ["a.weight", "b.weight", "onnx::Mul_7"],
    nodes: [
      ["Identity", "a.weight"],
      ["Mul", "x", "a.weight"],
      ["Mul", "/Mul_output_0", "b.weight"],
      ["Mul", "/Mul_1_output_0", "onnx::Mul_7"],
      ["Mul", "/Mul_2_output_0", "/b/Identity_output_0"],
    ],
  });
  expect(graph.initializer[1]!.rawData).toEqual(graph.initializer[0]!.rawData);
});

Deno.test("partInitializers: what the new exporter's nodes were made of", () => {
  const graph = graphOf([
    ["LayerNormalization", ["x", "m.Norm.weight", "m.Norm.bias"], ["n"]],
    ["Add", ["n", "m.Norm.bias"], ["o"]],
    // The same parameter again, and one of which nothing is told.
    ["Mul", ["o", "m.Norm.weight"], ["p"]],
    ["Mul", ["p", "m.Norm.bias"], ["y"]],
  ], ["m.Norm.weight", "m.Norm.bias"]);
  tell(graph, 0, ["m", "m.Norm", "n"], "layer_norm(%x, [2], %p_m_norm_weight, %p_m_norm_bias)");
  tell(graph, 1, ["m", "m.fc", "o"], "linear(%n, %p_m_fc_weight, %p_m_fc_bias)");
  tell(graph, 2, ["m", "m.Norm"], "mul(%o, %p_m_norm_weight)");
  partInitializers(graph, nowhere);
  expect(partsOf(graph)).toEqual({
    initializers: ["m.Norm.weight", "m.Norm.bias", "m.fc.bias"],
    nodes: [
      ["LayerNormalization", "x", "m.Norm.weight", "m.Norm.bias"],
      ["Add", "n", "m.fc.bias"],
      ["Mul", "o", "m.Norm.weight"],
      ["Mul", "p", "m.Norm.bias"],
    ],
  });
});
