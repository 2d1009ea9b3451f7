import type { ParameterSpec } from "../../core/model.ts";
import { embeddingOutput } from "./graph_outputs.ts";
import { graphParameters } from "./graph_parameters.ts";
import type { OnnxFile } from "./onnx_file.ts";
import type { OnnxGraphOptions } from "./onnx_options.ts";

/** A tower's file, its output and its parameters. */
export interface TowerFile {
  readonly part: "image" | "text";
  readonly file: OnnxFile;
  /** The output that holds embeddings. */
  readonly output: string;
  /** Names of parameters by those of initializers, of all that the output needs. */
  readonly names: ReadonlyMap<string, string>;
  /** Those that no tower before has. */
  readonly parameters: readonly ParameterSpec[];
}

/**
 * What of a file is a tower. Its initializers are parameters under their own names; where the other
 * tower's file has the same name for something else, with the part before it.
 *
 * @param before The tower that was read before.
 */
export function towerFile(
  file: OnnxFile,
  part: "image" | "text",
  options: OnnxGraphOptions | undefined,
  before?: TowerFile,
): TowerFile {
  const output = embeddingOutput(file, part, options);
  const found = graphParameters(file, output);
  const isShared = (name: string) => before?.file === file && before.names.has(name);
  const isTaken = (name: string) => before?.file !== file && before?.names.has(name) === true;
  const names = new Map(
    found.map(({ name }) => [name, isTaken(name) ? `${part}:${name}` : name]),
  );
  const parameters = found.filter(({ name }) => !isShared(name))
    .map(({ name, shape }) => ({ name: names.get(name)!, shape, part }));
  return { part, file, output, names, parameters };
}

/** Frees the values of parameters, which are read again when they are wanted. */
export function freeValues({ file, names }: TowerFile): void {
  for (const tensor of file.model.proto.graph!.initializer) {
    if (!names.has(tensor.name)) continue;
    tensor.rawData = new Uint8Array();
    tensor.floatData = [];
  }
}
