import { dtypeOf } from "../../core/graph/onnx/tensor_values.ts";
import type { DType } from "../../core/graph/tensor.ts";
import type { OnnxFile } from "./onnx_file.ts";

/** An input of a model. */
export interface GraphInput {
  readonly name: string;
  readonly dtype: DType;
  /** Lengths of its axes; undefined where they are names. */
  readonly shape: readonly (number | undefined)[];
}

/** The inputs of a model that are no initializers. */
export function graphInputs({ model, address }: OnnxFile): readonly GraphInput[] {
  const { input, initializer } = model.proto.graph!;
  const held = new Set(initializer.map(({ name }) => name));
  return input.filter(({ name }) => !held.has(name)).map(({ name, type }) => {
    const value = type?.value;
    if (value?.case !== "tensorType") {
      throw new TypeError(`${address}: input "${name}": expected a tensor, found ${value?.case}`);
    }
    const { elemType, shape } = value.value;
    return {
      name,
      dtype: dtypeOf(`${address}: input "${name}"`, elemType),
      shape: (shape?.dim ?? []).map(({ value }) =>
        value.case === "dimValue" ? Number(value.value) : undefined
      ),
    };
  });
}
