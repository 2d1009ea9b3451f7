import { bfloat16ToFloat32, float16ToFloat32 } from "../../core/host/storage/half_precision.ts";
import type { TensorInfo } from "../../core/host/storage/tensor_file.ts";
import type { HostTensor } from "../../core/model.ts";
import type { Weights } from "../../core/transformation.ts";
import { checkFinite } from "../../core/finite.ts";
import { compareTensors, type TensorList } from "./compare_tensors.ts";
import type { PatchedDtype } from "./float_dtype.ts";
import { interpolate, interpolateFloats } from "./interpolate.ts";
import { addRounding, NO_ROUNDING, type Rounding } from "./rounding.ts";

/**
 * `(1 − α)·before + α·after` of all parameters, each in the precision that it has in `before`, or
 * all in float32.
 *
 * @throws {TypeError} naming the parameters that only one side has or that differ in shape.
 * @throws {RangeError} if a value of the result is not finite, naming its parameter.
 */
export function interpolateWeights(
  before: Weights,
  after: Weights,
  alpha: number,
  dtype: PatchedDtype = "pretrained",
): Weights {
  return roundedWeights(before, after, alpha, dtype).weights;
}

/** The same, and what rounding did to it. */
export function roundedWeights(
  before: Weights,
  after: Weights,
  alpha: number,
  dtype: PatchedDtype,
): { readonly weights: Weights; readonly rounding: Rounding } {
  compareTensors(
    listOf("the pretrained weights", before),
    listOf("the fine-tuned weights", after),
  );
  const weights = new Map<string, HostTensor>();
  let rounding = NO_ROUNDING;
  for (const [name, tensor] of before) {
    const half = dtype === "pretrained" ? tensor.dtype : undefined;
    const { shape, data } = tensor;
    const other = after.get(name)!.data;
    if (half === undefined) {
      const values = new Float32Array(data.length);
      interpolate(data, other, alpha, values);
      checkFinite(`α = ${alpha}: "${name}"`, values);
      weights.set(name, { shape, data: values });
    } else {
      const [from, to] = [{ dtype: "F32", data }, { dtype: "F32", data: other }] as const;
      const found = interpolateFloats(from, to, alpha, half);
      const bits = new Uint16Array(found.data.buffer);
      const values = half === "F16" ? float16ToFloat32(bits) : bfloat16ToFloat32(bits);
      checkFinite(`α = ${alpha}: "${name}" in ${half}`, values);
      weights.set(name, { shape, data: values, dtype: half });
      rounding = addRounding(rounding, found);
    }
  }
  return { weights, rounding };
}

function listOf(title: string, weights: Weights): TensorList {
  const info = ({ shape, dtype }: HostTensor): TensorInfo => ({ dtype: dtype ?? "F32", shape });
  return { title, tensors: new Map([...weights].map(([name, tensor]) => [name, info(tensor)])) };
}
