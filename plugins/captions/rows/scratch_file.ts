import { appendWhole } from "../../../core/host/storage/append.ts";
import { createFileBytes, type FileBytes } from "./file_bytes.ts";

/** Bytes that are kept on the disk because they might not fit into memory. */
export interface ScratchFile extends FileBytes {
  /** Adds bytes at the end. */
  append(bytes: Uint8Array): void;
}

/**
 * An empty file in the system's folder for temporary files. It has no name from the beginning where
 * the system allows that, so that nothing is left of it however the process ends.
 */
export function createScratchFile(): ScratchFile {
  const path = Deno.makeTempFileSync({ prefix: "syntagma-" });
  const file = Deno.openSync(path, { read: true, write: true });
  try {
    Deno.removeSync(path);
  } catch {
    // Windows removes no file that is open; its folder for temporary files is swept by the system.
  }
  let length = 0;
  const { read } = createFileBytes(file, path, 0, () => length);
  return {
    get length() {
      return length;
    },
    append(bytes) {
      file.seekSync(length, Deno.SeekMode.Start);
      appendWhole(file, path, bytes);
      length += bytes.length;
    },
    read,
  };
}
