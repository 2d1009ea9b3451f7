import { applySingle } from "./node.ts";
import type { DType, Tensor } from "./tensor.ts";

/** ONNX's numbers for element types (TensorProto.DataType). */
export const onnxTypes: Readonly<Record<DType, number>> = {
  float32: 1,
  uint8: 2,
  int32: 6,
  int64: 7,
  bool: 9,
  float16: 10,
  float64: 11,
};

/** The same values in another element type; a gradient is cast back. */
export function cast(x: Tensor, dtype: DType): Tensor {
  if (x.dtype === dtype) return x;
  return applySingle("Cast", [x], {
    attributes: { to: { int: onnxTypes[dtype] } },
    dtype,
    shape: x.shape,
    gradient: ([g]) => [x.dtype.startsWith("float") ? cast(g!, x.dtype) : undefined],
  });
}
