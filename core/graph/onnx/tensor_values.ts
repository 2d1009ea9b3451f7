/**
 * Values as ONNX files hold them.
 *
 * @module
 */
import { bytesPerElement } from "../../device/host_array.ts";
import { onnxTypes } from "../cast.ts";
import { constantOfBytes, showShape, sizeOf } from "../node.ts";
import {
  type TensorProto,
  TensorProto_DataLocation as DataLocation,
  TensorProto_DataType as DataType,
} from "../onnx_pb.ts";
import type { DType, Shape, Tensor } from "../tensor.ts";

/** Where a tensor's bytes stand in another file than the model. */
export interface ExternalPlace {
  /** The other file, as the model names it. */
  readonly location: string;
  readonly offset: number;
  /** How many bytes; undefined for all that are left. */
  readonly length: number | undefined;
}

/** The bytes of a place in another file. */
export type ExternalData = (place: ExternalPlace) => Uint8Array;

const dtypes = new Map(
  Object.entries(onnxTypes).map(([dtype, number]) => [number, dtype as DType]),
);

/**
 * The element type with a number of ONNX's.
 *
 * @throws {TypeError} if graphs here have none such.
 */
export function dtypeOf(what: string, type: number): DType {
  const dtype = dtypes.get(type);
  if (dtype !== undefined) return dtype;
  throw new TypeError(
    `${what}: expected elements of type ${[...dtypes.values()].join(", ")}, found ${
      (DataType[type] ?? `number ${type}`).toLowerCase()
    }`,
  );
}

/** The shape that a file gives a tensor. */
export function shapeOf({ name, dims }: TensorProto): Shape {
  const shape = dims.map(Number);
  if (shape.every((length) => Number.isSafeInteger(length) && length >= 0)) return shape;
  throw new SyntaxError(
    `initializer "${name}": expected lengths of at least 0, found ${showShape(shape)}`,
  );
}

/**
 * The values of a tensor, little-endian bytes in row-major order.
 *
 * @throws {SyntaxError} if they are not as many as its shape has places.
 * @throws {TypeError} if graphs here have no such type.
 */
export function tensorBytes(tensor: TensorProto, external: ExternalData): Uint8Array<ArrayBuffer> {
  const dtype = dtypeOf(`initializer "${tensor.name}"`, tensor.dataType);
  const shape = shapeOf(tensor);
  const bytes = readBytes(tensor, dtype, external);
  const expected = sizeOf(shape) * bytesPerElement[dtype];
  if (bytes.length !== expected) {
    throw new SyntaxError(
      `initializer "${tensor.name}": expected ${expected} bytes for ${dtype} ${
        showShape(shape)
      }, found ${bytes.length}`,
    );
  }
  // Values are looked at in place, which needs them aligned.
  return new Uint8Array(bytes);
}

/** A file's tensor as a constant of a graph. */
export function tensorConstant(tensor: TensorProto, external: ExternalData): Tensor {
  const dtype = dtypeOf(`initializer "${tensor.name}"`, tensor.dataType);
  return constantOfBytes(tensorBytes(tensor, external), shapeOf(tensor), dtype);
}

/**
 * Where the values of a tensor stand, if that is another file.
 *
 * @throws {SyntaxError} if the file's name or a number is missing or none.
 */
export function externalPlace(tensor: TensorProto): ExternalPlace | undefined {
  if (tensor.dataLocation !== DataLocation.EXTERNAL) return undefined;
  const entries = new Map(tensor.externalData.map(({ key, value }) => [key, value]));
  const location = entries.get("location");
  const number = (key: string): number | undefined => {
    const text = entries.get(key);
    if (text === undefined) return undefined;
    const value = Number(text);
    if (/^\d+$/.test(text) && Number.isSafeInteger(value)) return value;
    throw new SyntaxError(
      `initializer "${tensor.name}": external data: expected a whole ${key}, found "${text}"`,
    );
  };
  if (location === undefined || location === "") {
    throw new SyntaxError(
      `initializer "${tensor.name}": external data: expected the name of a file, found none`,
    );
  }
  return { location, offset: number("offset") ?? 0, length: number("length") };
}

function readBytes(tensor: TensorProto, dtype: DType, external: ExternalData): Uint8Array {
  const place = externalPlace(tensor);
  if (place !== undefined) return external(place);
  if (tensor.rawData.length > 0) return tensor.rawData;
  const bytes = (array: ArrayBufferView) => new Uint8Array(array.buffer, array.byteOffset);
  switch (dtype) {
    case "float32":
      return bytes(Float32Array.from(tensor.floatData));
    case "float64":
      return bytes(Float64Array.from(tensor.doubleData));
    case "int64":
      return bytes(BigInt64Array.from(tensor.int64Data));
    case "int32":
      return bytes(Int32Array.from(tensor.int32Data));
    case "float16":
      return bytes(Uint16Array.from(tensor.int32Data));
    case "uint8":
    case "bool":
      return bytes(Uint8Array.from(tensor.int32Data));
  }
}
