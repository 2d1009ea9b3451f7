/**
 * What similarities are scaled and moved by, and where it stands.
 *
 * @module
 */
import type { HostTensor, ParameterSpec } from "../../core/model.ts";
import { sizeOf } from "../../core/graph/node.ts";
import { shapeOf } from "../../core/graph/onnx/tensor_values.ts";
import { readGraphValues } from "./graph_values.ts";
import type { OnnxFile } from "./onnx_file.ts";
import { similarityNumbers } from "./similarity_numbers.ts";

/** A parameter of one number. */
export interface SimilarityParameter {
  readonly parameter: ParameterSpec;
  /** Where it stands, if a file has it. */
  readonly held?: {
    readonly file: OnnxFile;
    readonly initializer: string;
    /** The initializer's value for the parameter's. */
    write(value: HostTensor): HostTensor;
  };
  read(): Promise<HostTensor>;
}

/** CLIP's temperature when training begins, where no other is told. */
const USUAL = 1 / 0.07;

/** As transformers and open_clip call them. */
const [SCALE, BIAS] = ["logit_scale", "logit_bias"] as const;

/**
 * The logarithm of the factor of similarities: of a file that gives similarities, or has it under its
 * usual name, or else of the options.
 */
export function logitScaleOf(files: readonly OnnxFile[], factor = USUAL): SimilarityParameter {
  for (const file of files) {
    const graph = file.model.proto.graph!;
    const usual = graph.initializer.some((each) => each.name === SCALE && isSingle(each))
      ? { name: SCALE, isLogarithm: true }
      : undefined;
    const found = similarityNumbers(graph).scale ?? usual;
    if (found !== undefined) return heldIn(file, SCALE, found.name, !found.isLogarithm);
  }
  return told(SCALE, Math.log(factor));
}

/** What is added to similarities: of a file that gives them and has it, or else of the options. */
export function logitBiasOf(
  files: readonly OnnxFile[],
  bias: number | undefined,
): SimilarityParameter | undefined {
  for (const file of files) {
    const { bias } = similarityNumbers(file.model.proto.graph!);
    if (bias !== undefined) return heldIn(file, BIAS, bias, false);
  }
  return bias === undefined ? undefined : told(BIAS, bias);
}

type Name = typeof SCALE | typeof BIAS;

/** A parameter that no file has. */
function told(name: Name, value: number): SimilarityParameter {
  return {
    parameter: { name, shape: [], part: name },
    read: () => Promise.resolve({ shape: [], data: Float32Array.of(value) }),
  };
}

function isSingle({ dims }: { readonly dims: readonly bigint[] }): boolean {
  return sizeOf(dims.map(Number)) === 1;
}

function heldIn(
  file: OnnxFile,
  name: Name,
  initializer: string,
  isExponential: boolean,
): SimilarityParameter {
  const tensor = file.model.proto.graph!.initializer.find((each) => each.name === initializer)!;
  const shape = shapeOf(tensor);
  const changed = (f: (x: number) => number, { shape, data }: HostTensor): HostTensor =>
    isExponential ? { shape, data: data.map(f) } : { shape, data };
  return {
    parameter: { name, shape, part: name },
    held: { file, initializer, write: (value) => changed(Math.exp, value) },
    read: async () => {
      const found = (await readGraphValues(file, [{ name: initializer, shape }])).get(initializer)!;
      if (isExponential && found.data[0]! <= 0) {
        throw new RangeError(
          `${file.address}: initializer "${initializer}": expected a factor of similarities above 0, ` +
            `found ${found.data[0]}`,
        );
      }
      return changed(Math.log, found);
    },
  };
}
