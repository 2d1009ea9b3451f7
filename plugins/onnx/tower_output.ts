import { importGraph } from "../../core/graph/onnx/import_graph.ts";
import type { Tensor } from "../../core/graph/tensor.ts";
import type { ParameterLookup } from "../../core/model.ts";
import type { OnnxFile } from "./onnx_file.ts";

/** What of a file is a tower. */
export interface TowerOutputOptions {
  /** The name of the graph's output. */
  readonly output: string;
  /** The name that an initializer has as a parameter; undefined for what is none. */
  readonly parameterOf: (initializer: string) => string | undefined;
}

/** A graph's output on such inputs, its initializers being parameters where they are some. */
export function towerOutput(
  { model, external }: OnnxFile,
  { output, parameterOf }: TowerOutputOptions,
  inputs: ReadonlyMap<string, Tensor>,
  parameter: ParameterLookup,
): Tensor {
  return importGraph(model, {
    inputs,
    outputs: [output],
    external,
    parameter: (name) => {
      const own = parameterOf(name);
      return own === undefined ? undefined : parameter(own);
    },
  }).get(output)!;
}
