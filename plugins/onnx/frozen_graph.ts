/**
 * Graphs of other networks as frozen parts of a loss.
 *
 * @module
 */
import type { Assets } from "../../core/assets.ts";
import { cast } from "../../core/graph/cast.ts";
import { shapeOf, tensorBytes } from "../../core/graph/onnx/tensor_values.ts";
import { sizeOf } from "../../core/graph/node.ts";
import type { Tensor } from "../../core/graph/tensor.ts";
import type { LossParameter } from "../../core/loss.ts";
import { graphInputs } from "./graph_inputs.ts";
import { openOnnxFile } from "./onnx_file.ts";
import { towerOutput } from "./tower_output.ts";

/** A graph that a loss looks through and training does not change. */
export interface FrozenGraph {
  /** Its values, for the loss that owns them, none of them trained. */
  readonly parameters: Readonly<Record<string, LossParameter>>;
  /** Its inputs: types, and lengths of axes where they are fixed. */
  readonly inputs: ReturnType<typeof graphInputs>;
  /**
   * Its output on such inputs; gradients flow through it into them.
   *
   * @param parameters Tensors of {@linkcode FrozenGraph.parameters}, float32.
   */
  run(
    inputs: ReadonlyMap<string, Tensor>,
    parameters: Readonly<Record<string, Tensor>>,
  ): Tensor;
}

/** ONNX's number of float32. */
const FLOAT = 1;

/** What is smaller may be a shape or a setting, which is read with the graph. */
const LEAST = 16;

/**
 * Opens an ONNX file.
 *
 * @param output The one of its outputs that a loss looks at.
 * @param prefix Stands before the names of its values among the loss's parameters.
 * @throws {SyntaxError | RangeError} if it is none, or the output is missing.
 */
export async function openFrozenGraph(
  address: string,
  output: string,
  prefix: string,
  assets: Assets,
): Promise<FrozenGraph> {
  const file = await openOnnxFile(address, assets);
  const graph = file.model.proto.graph!;
  const found = graph.output.map(({ name }) => name);
  if (!found.includes(output)) {
    throw new RangeError(`${address}: expected the output ${output}, found ${found.join(", ")}`);
  }
  const held = new Map(
    graph.initializer
      .filter((tensor) => tensor.dataType === FLOAT && sizeOf(shapeOf(tensor)) >= LEAST)
      .map((tensor) => [tensor.name, tensor]),
  );
  const parameters = [...held].map(([name, tensor]) => {
    const initial = () => new Float32Array(tensorBytes(tensor, file.external).buffer);
    return [`${prefix}${name}`, { shape: shapeOf(tensor), initial, trained: false }] as const;
  });
  return {
    parameters: Object.fromEntries(parameters),
    inputs: graphInputs(file),
    run: (inputs, parameters) =>
      towerOutput(
        file,
        { output, parameterOf: (name) => held.has(name) ? `${prefix}${name}` : undefined },
        inputs,
        // A graph in float32 stays in it, whatever the loss around it is in.
        (name) => cast(parameters[name]!, "float32"),
      ),
  };
}
