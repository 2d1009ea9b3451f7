import { clone } from "@bufbuild/protobuf";
import { type FunctionProto, type NodeProto, NodeProtoSchema } from "../onnx_pb.ts";
import type { Tensor } from "../tensor.ts";
import type { Importer, Lookup } from "./scope.ts";

/** Imports nodes; given, since what is in a function are nodes again. */
export type ImportNodes = (
  nodes: readonly NodeProto[],
  wanted: readonly string[],
  outer: Lookup,
  importer: Importer,
) => readonly Tensor[];

/** An operator that a model brings along as a graph, in the place where it is used. */
export function callFunction(
  { input, output, node, attributeProto }: FunctionProto,
  caller: NodeProto,
  operands: readonly (Tensor | undefined)[],
  importer: Importer,
  importNodes: ImportNodes,
): readonly Tensor[] {
  const given = new Map(
    input.flatMap((name, i) => {
      const operand = operands[i];
      return operand === undefined ? [] : [[name, operand] as const];
    }),
  );
  const attributes = new Map(
    [...attributeProto, ...caller.attribute].map((each) => [each.name, each]),
  );
  const bound = node.map((inner) => {
    if (inner.attribute.every(({ refAttrName }) => refAttrName === "")) return inner;
    const copy = clone(NodeProtoSchema, inner);
    copy.attribute = copy.attribute.flatMap((each) => {
      if (each.refAttrName === "") return [each];
      const value = attributes.get(each.refAttrName);
      return value === undefined ? [] : [{ ...value, name: each.name, refAttrName: "" }];
    });
    return copy;
  });
  return importNodes(
    bound,
    output.slice(0, caller.output.length),
    (name) => given.get(name),
    importer,
  );
}
