import { readInto, truncated } from "./file_range.ts";
import { tensorDataClasses } from "./safetensors_dtype.ts";
import { type Header, headerLength, parseHeader } from "./safetensors_header.ts";
import { type TensorFile, tensorFile } from "./tensor_file.ts";

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
 * import { writeSafetensors } from "@syntagma/syntagma/storage";
 * import { openSafetensors } from "./safetensors.ts";
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
  return tensorFile({
    path,
    metadata: header.metadata,
    entries: new Map(header.entries.map((entry) => [entry.name, entry])),
    read: async ({ dtype, start, end }) => {
      const bytes = new Uint8Array(end - start);
      using file = await Deno.open(path);
      await readInto(path, file, bytes, dataStart + start);
      // A buffer of the tensor's own is aligned, wherever in the file its bytes stood.
      return new tensorDataClasses[dtype](bytes.buffer);
    },
  });
}

async function readHeader(path: string): Promise<{ header: Header; dataStart: number }> {
  using file = await Deno.open(path);
  const { size } = await file.stat();
  const lengthBytes = new Uint8Array(8);
  if (size < 8) throw truncated(path, 8, size);
  await readInto(path, file, lengthBytes, 0);
  const length = headerLength(path, new DataView(lengthBytes.buffer));
  const dataStart = 8 + length;
  if (size < dataStart) throw truncated(path, dataStart, size);
  const headerBytes = new Uint8Array(length);
  await readInto(path, file, headerBytes, 8);
  const header = parseHeader(path, headerBytes);
  const end = dataStart + (header.entries.at(-1)?.end ?? 0);
  if (size < end) throw truncated(path, end, size);
  if (size > end) {
    throw new SyntaxError(`${path}: expected ${end} bytes by its header, found ${size}`);
  }
  return { header, dataStart };
}
