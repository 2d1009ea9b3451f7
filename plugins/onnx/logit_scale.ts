import type { HostTensor, ParameterSpec } from "../../core/model.ts";
import { sizeOf } from "../../core/graph/node.ts";
import { shapeOf } from "../../core/graph/onnx/tensor_values.ts";
import { readGraphValues } from "./graph_values.ts";
import type { OnnxFile } from "./onnx_file.ts";

/** The logarithm of the factor of similarities, and where it stands. */
export interface LogitScale {
  readonly parameter: ParameterSpec;
  /** The file that has it as an initializer. */
  readonly file?: OnnxFile;
  read(): Promise<HostTensor>;
}

/** CLIP's temperature when training begins, where no other is told. */
const USUAL = 1 / 0.07;

/** As transformers and open_clip call it. */
const NAME = "logit_scale";

/** The logit scale of a file that holds one under its usual name, or else of the options. */
export function logitScaleOf(files: readonly OnnxFile[], factor = USUAL): LogitScale {
  for (const file of files) {
    const tensor = file.model.proto.graph!.initializer.find(({ name, dims }) =>
      name === NAME && sizeOf(dims.map(Number)) === 1
    );
    if (tensor === undefined) continue;
    const shape = shapeOf(tensor);
    return {
      parameter: { name: NAME, shape, part: "logit_scale" },
      file,
      read: async () => (await readGraphValues(file, [{ name: NAME, shape }])).get(NAME)!,
    };
  }
  return {
    parameter: { name: NAME, shape: [], part: "logit_scale" },
    read: () => Promise.resolve({ shape: [], data: Float32Array.of(Math.log(factor)) }),
  };
}
