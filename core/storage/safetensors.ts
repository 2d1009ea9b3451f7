import { nearest } from "../nearest.ts";
import { bfloat16ToFloat32, float16ToFloat32 } from "./half_precision.ts";
import { type SafetensorsDtype, type TensorData, tensorDataClasses } from "./safetensors_dtype.ts";
import {
  type Header,
  type HeaderEntry,
  MAX_HEADER_BYTES,
  parseHeader,
} from "./safetensors_header.ts";

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

/**
 * Opens a safetensors file: its header is read and checked, its tensors are not. The file is not
 * held open, so there is nothing to close.
 *
 * Format: https://github.com/huggingface/safetensors#format.
 *
 * @throws {SyntaxError} if the file is truncated, damaged or of another format.
 * @throws {Deno.errors.NotFound} if there is no such file.
 *
 * @example
 * ```ts
 * import { openSafetensors, writeSafetensors } from "@syntagma/syntagma/storage";
 *
 * const path = `${await Deno.makeTempDir()}/scale.safetensors`;
 * const data = new Float32Array([1, 2, 3]);
 * await writeSafetensors(path, [{ name: "scale", dtype: "F32", shape: [3], data }]);
 * const file = await openSafetensors(path);
 * console.assert((await file.readFloat32("scale"))[2] === 3);
 * ```
 */
export async function openSafetensors(path: string): Promise<TensorFile> {
  const { header, dataStart } = await readHeader(path);
  const entries = new Map(header.entries.map((entry) => [entry.name, entry]));
  const find = (name: string): HeaderEntry => {
    const entry = entries.get(name);
    if (entry === undefined) throw noSuchTensor(path, name, [...entries.keys()]);
    return entry;
  };
  const read = async (name: string): Promise<TensorData> => {
    const { dtype, start, end } = find(name);
    const bytes = new Uint8Array(end - start);
    using file = await Deno.open(path);
    await readInto(path, file, bytes, dataStart + start);
    // A buffer of the tensor's own is aligned, wherever in the file its bytes stood.
    return new tensorDataClasses[dtype](bytes.buffer);
  };
  return {
    path,
    names: [...entries.keys()],
    metadata: header.metadata,
    has: (name) => entries.has(name),
    info: (name) => {
      const { dtype, shape } = find(name);
      return { dtype, shape };
    },
    read,
    readFloat32: async (name) => {
      const { dtype } = find(name);
      if (!["F32", "F16", "BF16", "F64"].includes(dtype)) {
        throw new TypeError(`${path}: tensor "${name}" holds ${dtype}, expected floats`);
      }
      return toFloat32(dtype, await read(name));
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

async function readHeader(path: string): Promise<{ header: Header; dataStart: number }> {
  using file = await Deno.open(path);
  const { size } = await file.stat();
  const lengthBytes = new Uint8Array(8);
  if (size < 8) throw truncated(path, 8, size);
  await readInto(path, file, lengthBytes, 0);
  const length = new DataView(lengthBytes.buffer).getBigUint64(0, true);
  if (length > MAX_HEADER_BYTES) {
    throw new SyntaxError(
      `${path}: not a safetensors file: its first 8 bytes give a header of ${length} bytes, ` +
        `expected at most ${MAX_HEADER_BYTES}`,
    );
  }
  const dataStart = 8 + Number(length);
  if (size < dataStart) throw truncated(path, dataStart, size);
  const headerBytes = new Uint8Array(Number(length));
  await readInto(path, file, headerBytes, 8);
  const header = parseHeader(path, headerBytes);
  const end = dataStart + (header.entries.at(-1)?.end ?? 0);
  if (size < end) throw truncated(path, end, size);
  if (size > end) {
    throw new SyntaxError(`${path}: expected ${end} bytes by its header, found ${size}`);
  }
  return { header, dataStart };
}

async function readInto(
  path: string,
  file: Deno.FsFile,
  bytes: Uint8Array<ArrayBuffer>,
  position: number,
): Promise<void> {
  await file.seek(position, Deno.SeekMode.Start);
  let filled = 0;
  while (filled < bytes.length) {
    const count = await file.read(bytes.subarray(filled));
    if (count === null) throw truncated(path, position + bytes.length, position + filled);
    filled += count;
  }
}

function truncated(path: string, expected: number, found: number): SyntaxError {
  return new SyntaxError(
    `${path}: the file is truncated: expected at least ${expected} bytes, found ${found}`,
  );
}

function toFloat32(dtype: SafetensorsDtype, data: TensorData): Float32Array<ArrayBuffer> {
  if (data instanceof Float32Array) return data;
  if (data instanceof Float64Array) return new Float32Array(data);
  const bits = new Uint16Array(data.buffer);
  return dtype === "F16" ? float16ToFloat32(bits) : bfloat16ToFloat32(bits);
}
