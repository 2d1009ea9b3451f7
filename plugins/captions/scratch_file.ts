import { appendWhole } from "../../core/host/storage/append.ts";

/** Bytes that are kept on the disk because they might not fit into memory. */
export interface ScratchFile {
  /** How many bytes there are. */
  readonly length: number;
  /** Adds bytes at the end. */
  append(bytes: Uint8Array): void;
  /** The bytes from `start` to before `end`. */
  read(start: number, end: number): Uint8Array;
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
  return {
    get length() {
      return length;
    },
    append(bytes) {
      file.seekSync(length, Deno.SeekMode.Start);
      appendWhole(file, path, bytes);
      length += bytes.length;
    },
    read(start, end) {
      file.seekSync(start, Deno.SeekMode.Start);
      const bytes = new Uint8Array(end - start);
      for (let have = 0; have < bytes.length;) have += file.readSync(bytes.subarray(have))!;
      return bytes;
    },
  };
}
