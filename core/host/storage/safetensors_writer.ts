import { writeAll, writeFileAtomically } from "./atomic_file.ts";
import {
  checkData,
  checkDescription,
  makeHeader,
  type TensorToWrite,
} from "./safetensors_layout.ts";

export type { TensorToWrite };

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
