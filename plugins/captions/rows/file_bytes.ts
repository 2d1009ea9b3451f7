import { truncated } from "../../../core/host/storage/file_range.ts";

/** Bytes that are read from anywhere. */
export interface FileBytes {
  /** How many there are. */
  readonly length: number;
  /** Those from `start` to before `end`, as they are until others are read; not to be written to. */
  read(start: number, end: number): Uint8Array;
}

/** Bytes that are read at once where one place after another is asked for. */
const AHEAD = 1 << 16;

/**
 * Bytes of an open file. Whoever goes through them in order has them in large pieces; what is read
 * here and there is read alone.
 *
 * @param path Names the file in errors.
 * @param base Where they begin in the file.
 * @param length How many there are, which may grow.
 */
export function createFileBytes(
  file: Deno.FsFile,
  path: string,
  base: number,
  length: () => number,
): FileBytes {
  // Read into again and again: what is thrown away would fill memory faster than it is taken away.
  let room = new Uint8Array(0);
  let piece = { start: 0, bytes: room };
  let last = { start: -1, end: -1 };
  return {
    get length() {
      return length();
    },
    read(start, end) {
      const isNext = start >= last.start && start <= last.end;
      last = { start, end };
      if (start < piece.start || end > piece.start + piece.bytes.length) {
        const most = isNext ? Math.max(end, Math.min(start + AHEAD, length())) : end;
        if (most - start > room.length) room = new Uint8Array(most - start);
        piece = { start, bytes: readAll(file, path, base + start, room.subarray(0, most - start)) };
      }
      return piece.bytes.subarray(start - piece.start, end - piece.start);
    },
  };
}

function readAll(
  file: Deno.FsFile,
  path: string,
  start: number,
  room: Uint8Array<ArrayBuffer>,
): Uint8Array<ArrayBuffer> {
  const bytes = readInto(file, start, room);
  if (bytes.length < room.length) throw truncated(path, start + room.length, start + bytes.length);
  return bytes;
}

/** Bytes of an open file; fewer where it ends before. */
export function readAt(file: Deno.FsFile, start: number, size: number): Uint8Array<ArrayBuffer> {
  return readInto(file, start, new Uint8Array(size));
}

/** As {@linkcode readAt}, into memory that is there. */
function readInto(
  file: Deno.FsFile,
  start: number,
  room: Uint8Array<ArrayBuffer>,
): Uint8Array<ArrayBuffer> {
  file.seekSync(start, Deno.SeekMode.Start);
  let have = 0;
  while (have < room.length) {
    const count = file.readSync(room.subarray(have));
    if (count === null) break;
    have += count;
  }
  return room.subarray(0, have);
}
