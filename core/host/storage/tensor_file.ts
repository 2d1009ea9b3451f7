import { nearest } from "../../nearest.ts";
import { bfloat16ToFloat32, float16ToFloat32 } from "./half_precision.ts";
import type { SafetensorsDtype, TensorData } from "./safetensors_dtype.ts";

/** What a file says of one of its tensors. */
export interface TensorInfo {
  /** The type of every element. */
  readonly dtype: SafetensorsDtype;
  /** Lengths of the axes; `[]` is a scalar. */
  readonly shape: readonly number[];
}

/** Tensors by name in one file or in several; nothing of them is read until it is asked for. */
export interface TensorFile {
  /** The file that was opened. */
  readonly path: string;
  /** The tensors' names, in the order in which they stand in the file. */
  readonly names: readonly string[];
  /** The strings that the writer of the file put beside the tensors. */
  readonly metadata: Readonly<Record<string, string>>;
  /** Which of several models in the file these are, by the name that was asked for. */
  readonly part?: string;
  /** Whether there is a tensor of that name. */
  has(name: string): boolean;
  /**
   * Type and shape of a tensor.
   *
   * @throws {RangeError} if there is no such tensor; suggests the nearest name.
   */
  info(name: string): TensorInfo;
  /**
   * A tensor's values as they stand in the file (F16 and BF16: their bits), in an array of its own.
   *
   * @throws {RangeError} if there is no such tensor; suggests the nearest name.
   * @throws {SyntaxError} if the file has become shorter since it was opened.
   */
  read(name: string): Promise<TensorData>;
  /**
   * A tensor's values as single floats, converted from F32, F16, BF16 or F64.
   *
   * @throws {RangeError} if there is no such tensor; suggests the nearest name.
   * @throws {TypeError} if the tensor does not hold floats.
   */
  readFloat32(name: string): Promise<Float32Array<ArrayBuffer>>;
}

/** What the reader of a format knows of a file. */
export interface TensorFileParts<Entry extends TensorInfo> {
  readonly path: string;
  readonly metadata: Readonly<Record<string, string>>;
  readonly part?: string;
  /** In the order of the file. */
  readonly entries: ReadonlyMap<string, Entry>;
  /** The values of one entry. */
  readonly read: (entry: Entry) => Promise<TensorData>;
}

/** A file of tensors from what the reader of its format knows. */
export function tensorFile<Entry extends TensorInfo>(parts: TensorFileParts<Entry>): TensorFile {
  const { path, metadata, part, entries } = parts;
  const find = (name: string): Entry => {
    const entry = entries.get(name);
    if (entry === undefined) throw noSuchTensor(path, name, [...entries.keys()]);
    return entry;
  };
  return {
    path,
    names: [...entries.keys()],
    metadata,
    ...(part === undefined ? {} : { part }),
    has: (name) => entries.has(name),
    info: (name) => {
      const { dtype, shape } = find(name);
      return { dtype, shape };
    },
    read: async (name) => await parts.read(find(name)),
    readFloat32: async (name) => {
      const entry = find(name);
      if (!["F32", "F16", "BF16", "F64"].includes(entry.dtype)) {
        throw new TypeError(`${path}: tensor "${name}" holds ${entry.dtype}, expected floats`);
      }
      return toFloat32(entry.dtype, await parts.read(entry));
    },
  };
}

/** The error for a name that a file does not have. */
export function noSuchTensor(path: string, name: string, names: readonly string[]): RangeError {
  const guess = nearest(name, names);
  return new RangeError(
    `${path}: there is no tensor "${name}"` +
      (guess === undefined ? "" : `; did you mean "${guess}"?`),
  );
}

function toFloat32(dtype: SafetensorsDtype, data: TensorData): Float32Array<ArrayBuffer> {
  if (data instanceof Float32Array) return data;
  if (data instanceof Float64Array) return new Float32Array(data);
  const bits = new Uint16Array(data.buffer);
  return dtype === "F16" ? float16ToFloat32(bits) : bfloat16ToFloat32(bits);
}
