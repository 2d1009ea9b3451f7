import { namesIn } from "../../core/graph/onnx/import_graph.ts";
import type { NodeProto } from "../../core/graph/onnx_pb.ts";
import { shapeOf, tensorBytes } from "../../core/graph/onnx/tensor_values.ts";
import { sizeOf } from "../../core/graph/node.ts";
import { isCircle, isMask, isRepeated, type Table } from "./folded_tables.ts";
import { graphInputs } from "./graph_inputs.ts";
import type { OnnxFile } from "./onnx_file.ts";

/** An initializer that training may change. */
export interface GraphParameter {
  readonly name: string;
  readonly shape: readonly number[];
}

/** ONNX's numbers of types. */
const [FLOAT, FLOAT16, BFLOAT16] = [1, 10, 16];

/**
 * The initializers that an output needs and that are weights: real numbers, more than one. Masks, what a
 * fixed batch has a copy of for each row, tables of rotary positions (what sines and cosines are taken
 * of, or are) and the statistics of batch norms stay as they are.
 *
 * @throws {RangeError} for weights in half precision.
 */
export function graphParameters(file: OnnxFile, output: string): readonly GraphParameter[] {
  const graph = file.model.proto.graph!;
  const needed = namesBehind(graph.node, [output]);
  const fixed = new Set([
    ...namesBehind(
      graph.node,
      graph.node.filter(({ opType }) => opType === "Sin" || opType === "Cos")
        .flatMap(({ output }) => output),
    ),
    ...graph.node.filter(({ opType }) => opType === "BatchNormalization")
      .flatMap(({ input }) => input.slice(3, 5)),
  ]);
  const batch = graphInputs(file)[0]?.shape[0];
  const tables = new Map<string, Table>();
  for (const tensor of graph.initializer) {
    const { name, dataType } = tensor;
    const shape = shapeOf(tensor);
    if (!needed.has(name) || sizeOf(shape) < 2) continue;
    if (dataType === FLOAT16 || dataType === BFLOAT16) {
      throw new RangeError(
        `${file.address}: initializer "${name}": expected weights in float32, which training needs, ` +
          "found half precision",
      );
    }
    if (dataType !== FLOAT || fixed.has(name)) continue;
    const values = new Float32Array(tensorBytes(tensor, file.external).buffer);
    tables.set(name, { shape, values });
  }
  const angles = rotations(tables);
  return [...tables].flatMap(([name, table]) =>
    isMask(table) || isRepeated(table, batch) || angles.has(name)
      ? []
      : [{ name, shape: table.shape }]
  );
}

/** The names of tables that are cosines and sines of the same angles. */
function rotations(tables: ReadonlyMap<string, Table>): ReadonlySet<string> {
  const found = new Set<string>();
  const small = [...tables].filter(([, { values }]) => values.every((each) => Math.abs(each) <= 1));
  for (const [i, [name, table]] of small.entries()) {
    for (const [other, candidate] of small.slice(i + 1)) {
      if (isCircle(table, candidate)) found.add(name).add(other);
    }
  }
  return found;
}

/** All names that some values depend on, and they themselves. */
function namesBehind(nodes: readonly NodeProto[], names: readonly string[]): ReadonlySet<string> {
  const needed = new Set(names);
  for (const node of nodes.toReversed()) {
    if (!node.output.some((name) => needed.has(name))) continue;
    for (const name of namesIn(node)) needed.add(name);
  }
  return needed;
}
