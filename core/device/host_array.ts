import type { DType, Shape } from "../graph/tensor.ts";
import { showShape, sizeOf } from "../graph/node.ts";
import type { HostArray } from "./device.ts";

/** Bytes of one element. */
export const bytesPerElement: Readonly<Record<DType, number>> = {
  float32: 4,
  float64: 8,
  float16: 2,
  int64: 8,
  int32: 4,
  uint8: 1,
  bool: 1,
};

/** A zeroed array of the kind that holds a type's elements. */
export function createHostArray(dtype: DType, length: number): HostArray {
  return viewHostArray(dtype, new ArrayBuffer(length * bytesPerElement[dtype]), 0, length);
}

/** An array of that kind over bytes that stand already, from byte `offset` on. */
export function viewHostArray(
  dtype: DType,
  buffer: ArrayBuffer,
  offset: number,
  length: number,
): HostArray {
  switch (dtype) {
    case "float32":
      return new Float32Array(buffer, offset, length);
    case "float64":
      return new Float64Array(buffer, offset, length);
    case "float16":
      return new Uint16Array(buffer, offset, length);
    case "int64":
      return new BigInt64Array(buffer, offset, length);
    case "int32":
      return new Int32Array(buffer, offset, length);
    case "uint8":
    case "bool":
      return new Uint8Array(buffer, offset, length);
  }
}

/**
 * Checks that an array can hold a tensor of this type and shape.
 *
 * @throws {TypeError} if it can't.
 */
export function checkHostArray(data: HostArray, shape: Shape, dtype: DType): void {
  const expected = createHostArray(dtype, 0).constructor.name;
  if (data.constructor.name !== expected || data.length !== sizeOf(shape)) {
    throw new TypeError(
      `tensor: ${dtype} ${showShape(shape)} needs a ${expected} of ${
        sizeOf(shape)
      } values, found a ${data.constructor.name} of ${data.length}`,
    );
  }
}
