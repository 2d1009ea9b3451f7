import { type SafetensorsDtype, type TensorData, tensorDataClasses } from "./safetensors_dtype.ts";
import { byteLength, MAX_HEADER_BYTES } from "./safetensors_header.ts";

/** A tensor to be written. */
export interface TensorToWrite {
  /** The name, different from every other in the file and not `__metadata__`. */
  readonly name: string;
  /** The type of every element. */
  readonly dtype: SafetensorsDtype;
  /** Lengths of the axes; `[]` is a scalar. */
  readonly shape: readonly number[];
  /**
   * The values, row by row, in the array class of the type; or a function that gives them when
   * their turn comes, so that only one tensor at a time need be in memory.
   */
  readonly data: TensorData | (() => TensorData | Promise<TensorData>);
}

/** @throws {RangeError} if a tensor cannot be called so, or has no such shape. */
export function checkDescription(path: string, { name, shape }: TensorToWrite): void {
  if (name === "__metadata__") {
    throw new RangeError(`${path}: no tensor may be called "__metadata__"`);
  }
  if (!shape.every((length) => Number.isSafeInteger(length) && length >= 0)) {
    throw new RangeError(
      `${path}: tensor "${name}" has the shape [${shape.join(", ")}], expected whole numbers`,
    );
  }
}

/** @throws {TypeError} if values are of another type, or are more or fewer, than is said of them. */
export function checkData(
  path: string,
  { name, dtype, shape }: TensorToWrite,
  data: TensorData,
): void {
  const expected = tensorDataClasses[dtype];
  if (data.constructor !== expected) {
    throw new TypeError(
      `${path}: tensor "${name}" of ${dtype} needs a ${expected.name}, ` +
        `found a ${data.constructor.name}`,
    );
  }
  const length = byteLength(dtype, shape) / expected.BYTES_PER_ELEMENT;
  if (data.length !== length) {
    throw new TypeError(
      `${path}: tensor "${name}" of shape [${shape.join(", ")}] needs ${length} values, ` +
        `found ${data.length}`,
    );
  }
}

/** Length, JSON, and the spaces that bring the first tensor to a multiple of 8 bytes. */
export function makeHeader(
  path: string,
  tensors: readonly TensorToWrite[],
  metadata: Readonly<Record<string, string>>,
): Uint8Array<ArrayBuffer> {
  const parts: string[] = [];
  if (Object.keys(metadata).length > 0) parts.push(`"__metadata__":${JSON.stringify(metadata)}`);
  let start = 0;
  // Written by hand because an object would put names such as "0" before all others.
  for (const { name, dtype, shape } of tensors) {
    const end = start + byteLength(dtype, shape);
    parts.push(
      `${JSON.stringify(name)}:${JSON.stringify({ dtype, shape, data_offsets: [start, end] })}`,
    );
    start = end;
  }
  const json = new TextEncoder().encode(`{${parts.join(",")}}`);
  const length = Math.ceil(json.length / 8) * 8;
  if (length > MAX_HEADER_BYTES) {
    throw new RangeError(
      `${path}: the header would have ${length} bytes, expected at most ${MAX_HEADER_BYTES}`,
    );
  }
  const bytes = new Uint8Array(8 + length).fill(" ".charCodeAt(0));
  new DataView(bytes.buffer).setBigUint64(0, BigInt(length), true);
  bytes.set(json, 8);
  return bytes;
}
