/** Element types of a safetensors file, by the names that stand in its header. */
export type SafetensorsDtype =
  | "BOOL"
  | "U8"
  | "I8"
  | "U16"
  | "I16"
  | "F16"
  | "BF16"
  | "U32"
  | "I32"
  | "F32"
  | "U64"
  | "I64"
  | "F64";

/** The values of a tensor, row by row. F16 and BF16 are their bits; BOOL is one byte a value. */
export type TensorData =
  | Uint8Array<ArrayBuffer>
  | Int8Array<ArrayBuffer>
  | Uint16Array<ArrayBuffer>
  | Int16Array<ArrayBuffer>
  | Uint32Array<ArrayBuffer>
  | Int32Array<ArrayBuffer>
  | Float32Array<ArrayBuffer>
  | BigUint64Array<ArrayBuffer>
  | BigInt64Array<ArrayBuffer>
  | Float64Array<ArrayBuffer>;

/** The class of the array that holds values of an element type. */
export interface TensorDataClass {
  /** Bytes of one value. */
  readonly BYTES_PER_ELEMENT: number;
  /** The class's name, for messages. */
  readonly name: string;
  /** An array over a buffer, without a copy. */
  new (buffer: ArrayBuffer): TensorData;
}

/** For each element type the class of the array that holds its values. */
export const tensorDataClasses: Readonly<Record<SafetensorsDtype, TensorDataClass>> = {
  BOOL: Uint8Array,
  U8: Uint8Array,
  I8: Int8Array,
  U16: Uint16Array,
  I16: Int16Array,
  F16: Uint16Array,
  BF16: Uint16Array,
  U32: Uint32Array,
  I32: Int32Array,
  F32: Float32Array,
  U64: BigUint64Array,
  I64: BigInt64Array,
  F64: Float64Array,
};

/** Whether `value` names an element type that can be read and written. */
export function isSafetensorsDtype(value: unknown): value is SafetensorsDtype {
  return typeof value === "string" && Object.hasOwn(tensorDataClasses, value);
}
