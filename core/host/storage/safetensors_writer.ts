import { writeAll, writeFileAtomically } from "./atomic_file.ts";
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

/**
 * Writes a safetensors file, whole or not at all, one tensor after another in the order given.
 * Equal arguments give equal bytes.
 *
 * Converting is the caller's: see {@linkcode float32ToFloat16} and {@linkcode float32ToBfloat16}.
 *
 * @param metadata Strings to keep beside the tensors; `{ format: "pt" }` lets PyTorch tools load it.
 * @throws {TypeError} if a tensor's array has another class or length than its type and shape ask.
 * @throws {RangeError} if a name stands twice or is `__metadata__`, or a shape is not whole numbers.
 * @throws {StorageError} if the disk is full or the folder is missing or unwritable.
 *
 * @example
 * ```ts
 * import { float32ToFloat16 } from "./half_precision.ts";
 * import { writeSafetensors } from "@syntagma/syntagma/storage";
 *
 * const path = `${await Deno.makeTempDir()}/half.safetensors`;
 * const data = float32ToFloat16(new Float32Array([0.5, -2]));
 * await writeSafetensors(path, [{ name: "bias", dtype: "F16", shape: [2], data }]);
 * ```
 */
export async function writeSafetensors(
  path: string,
  tensors: Iterable<TensorToWrite>,
  metadata: Readonly<Record<string, string>> = {},
): Promise<void> {
  const list = [...tensors];
  const names = new Set<string>();
  for (const tensor of list) {
    checkDescription(path, tensor);
    if (names.has(tensor.name)) {
      throw new RangeError(`${path}: tensor "${tensor.name}" is given twice`);
    }
    names.add(tensor.name);
    if (typeof tensor.data !== "function") checkData(path, tensor, tensor.data);
  }
  const header = makeHeader(path, list, metadata);
  await writeFileAtomically(path, async (file) => {
    await writeAll(file, header);
    for (const tensor of list) {
      const data = typeof tensor.data === "function" ? await tensor.data() : tensor.data;
      checkData(path, tensor, data);
      await writeAll(file, new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
    }
  });
}

function checkDescription(path: string, { name, shape }: TensorToWrite): void {
  if (name === "__metadata__") {
    throw new RangeError(`${path}: no tensor may be called "__metadata__"`);
  }
  if (!shape.every((length) => Number.isSafeInteger(length) && length >= 0)) {
    throw new RangeError(
      `${path}: tensor "${name}" has the shape [${shape.join(", ")}], expected whole numbers`,
    );
  }
}

function checkData(path: string, { name, dtype, shape }: TensorToWrite, data: TensorData): void {
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
function makeHeader(
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
