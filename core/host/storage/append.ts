import { storageErrorOf } from "./storage_error.ts";

/**
 * Adds bytes at the end of a file, all of them or none: what a full disk cuts short is taken back,
 * so that whatever is added later stands behind whole lines. A process that is killed in the midst
 * of it may leave a part, as the last of the file.
 *
 * It is done in one call, so that several writers of this process do not come between each other.
 *
 * @param file Opened to append, or standing at its end.
 * @param path Names the file in errors.
 * @throws {StorageError} if the disk is full.
 */
export function appendWhole(file: Deno.FsFile, path: string, bytes: Uint8Array): void {
  const { size } = file.statSync();
  try {
    for (let rest = bytes; rest.length > 0;) rest = rest.subarray(file.writeSync(rest));
  } catch (error) {
    file.truncateSync(size);
    throw storageErrorOf(path, error);
  }
}
