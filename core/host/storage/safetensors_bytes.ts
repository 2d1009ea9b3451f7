import { concatenate } from "../../concatenate.ts";
import { readHeaderBytes } from "./safetensors_header.ts";
import { type TensorData, tensorDataClasses } from "./safetensors_dtype.ts";
import {
  checkData,
  checkDescription,
  makeHeader,
  type TensorToWrite,
} from "./safetensors_layout.ts";
import { type TensorFile, tensorFile } from "./tensor_file.ts";

/**
 * The tensors of a safetensors file whose bytes are at hand.
 *
 * @param path Names it in errors.
 * @throws {SyntaxError} if the bytes are cut short, damaged or of another format.
 */
export function parseSafetensors(path: string, bytes: Uint8Array<ArrayBuffer>): TensorFile {
  const { header, dataStart } = readHeaderBytes(path, bytes);
  return tensorFile({
    path,
    metadata: header.metadata,
    entries: new Map(header.entries.map((entry) => [entry.name, entry])),
    read: ({ dtype, start, end }) => {
      // A copy of its own is aligned, wherever in the file its bytes stood.
      const { buffer } = bytes.slice(dataStart + start, dataStart + end);
      return Promise.resolve(new tensorDataClasses[dtype](buffer));
    },
  });
}

/**
 * A safetensors file in memory; values have to be at hand.
 *
 * @throws {RangeError} if a tensor has no name or shape that the format knows.
 * @throws {TypeError} if a tensor's values do not fit its type or shape.
 */
export function safetensorsBytes(
  path: string,
  tensors: readonly (Omit<TensorToWrite, "data"> & { readonly data: TensorData })[],
  metadata: Readonly<Record<string, string>> = {},
): Uint8Array<ArrayBuffer> {
  for (const tensor of tensors) {
    checkDescription(path, tensor);
    checkData(path, tensor, tensor.data);
  }
  return concatenate<Uint8Array<ArrayBuffer>>(Uint8Array, [
    makeHeader(path, tensors, metadata),
    ...tensors.map(({ data }) => new Uint8Array(data.buffer, data.byteOffset, data.byteLength)),
  ]);
}
