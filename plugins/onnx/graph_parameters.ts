import type { NodeProto } from "../../core/graph/onnx_pb.ts";
import { externalPlace, shapeOf, tensorBytes } from "../../core/graph/onnx/tensor_values.ts";
import { sizeOf } from "../../core/graph/node.ts";
import type { OnnxFile } from "./onnx_file.ts";

/** An initializer that training may change. */
export interface GraphParameter {
  readonly name: string;
  readonly shape: readonly number[];
}

/** ONNX's numbers of types. */
const [FLOAT, FLOAT16, BFLOAT16] = [1, 10, 16];

/** Larger values stand for minus infinity in masks. */
const MOST = 1e30;

/**
 * The initializers that an output needs and that are weights: real numbers, more than one. Masks (what is
 * infinite, or as good as), tables of rotary positions (what sines and cosines are taken of, or are) and
 * the statistics of batch norms stay as they are.
 *
 * @throws {RangeError} for weights in half precision.
 */
export function graphParameters(
  file: OnnxFile,
  output: string,
): readonly GraphParameter[] {
  const graph = file.model.proto.graph!;
  const needed = namesBehind(graph.node, [output]);
  const angles = namesBehind(
    graph.node,
    graph.node.filter(({ opType }) => opType === "Sin" || opType === "Cos")
      .flatMap(({ output }) => output),
  );
  const statistics = new Set(
    graph.node.filter(({ opType }) => opType === "BatchNormalization")
      .flatMap(({ input }) => input.slice(3, 5)),
  );
  return graph.initializer.flatMap((tensor) => {
    const { name, dataType } = tensor;
    if (!needed.has(name)) return [];
    const shape = shapeOf(tensor);
    if (sizeOf(shape) < 2) return [];
    if (dataType === FLOAT16 || dataType === BFLOAT16) {
      throw new RangeError(
        `${file.address}: initializer "${name}": expected weights in float32, which training needs, ` +
          "found half precision",
      );
    }
    if (
      dataType !== FLOAT || angles.has(name) || statistics.has(name) ||
      /\/(Sin|Cos)(_\d+)?_output_0$/.test(name)
    ) return [];
    const isMask = externalPlace(tensor) === undefined &&
      new Float32Array(tensorBytes(tensor, file.external).buffer)
        .some((value) => !(Math.abs(value) < MOST));
    return isMask ? [] : [{ name, shape }];
  });
}

/** All names that some values depend on, and they themselves. */
function namesBehind(nodes: readonly NodeProto[], names: readonly string[]): ReadonlySet<string> {
  const needed = new Set(names);
  for (const { input, output, attribute } of nodes.toReversed()) {
    if (!output.some((name) => needed.has(name))) continue;
    for (const name of input) needed.add(name);
    for (const { g } of attribute) {
      for (const name of g?.node.flatMap(({ input }) => input) ?? []) needed.add(name);
    }
  }
  return needed;
}
