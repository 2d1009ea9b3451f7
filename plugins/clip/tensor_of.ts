import { float32ToBfloat16, float32ToFloat16 } from "../../core/host/storage/half_precision.ts";
import type { TensorToWrite } from "../../core/host/storage/safetensors_layout.ts";
import type { HostTensor } from "../../core/model.ts";

/** A parameter's values as they are written. */
export function tensorOf(name: string, { shape, data, dtype }: HostTensor): TensorToWrite {
  if (dtype === undefined) return { name, dtype: "F32", shape, data: plain(data) };
  const convert = dtype === "F16" ? float32ToFloat16 : float32ToBfloat16;
  return { name, dtype, shape, data: () => convert(data) };
}

function plain(data: Float32Array): Float32Array<ArrayBuffer> {
  return data.buffer instanceof ArrayBuffer
    ? data as Float32Array<ArrayBuffer>
    : new Float32Array(data);
}
