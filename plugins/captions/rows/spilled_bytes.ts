import type { FileBytes } from "./file_bytes.ts";
import { createScratchFile, type ScratchFile } from "./scratch_file.ts";

/** Bytes that are added at the end and read from anywhere: those that some memory holds, or more. */
export interface SpilledBytes extends FileBytes {
  /**
   * Adds bytes at the end.
   *
   * @param most How many there may be.
   * @param fill Writes them, and gives how many there are.
   */
  add(most: number, fill: (room: Uint8Array) => number): void;
}

/** The least memory that is taken. */
const START = 1 << 12;

/**
 * Starts with no bytes. Once there are more than fit into memory, all but the last ones are on the
 * disk.
 *
 * @param memory How many bytes are kept in memory at most, but for what is added at once.
 */
export function createSpilledBytes(memory: number): SpilledBytes {
  let stored: ScratchFile | undefined;
  let before = 0;
  let bytes = new Uint8Array(Math.min(memory, START));
  let used = 0;
  const makeRoom = (most: number): void => {
    if (used + most <= bytes.length) return;
    if (used > 0 && used + most > memory) {
      stored ??= createScratchFile();
      stored.append(bytes.subarray(0, used));
      before += used;
      used = 0;
    }
    const length = Math.max(Math.min(2 * bytes.length, memory), used + most);
    if (length > bytes.length) bytes = new Uint8Array(bytes.buffer.transfer(length));
  };
  return {
    get length() {
      return before + used;
    },
    add(most, fill) {
      makeRoom(most);
      used += fill(bytes.subarray(used));
    },
    read(start, end) {
      if (start >= before) return bytes.subarray(start - before, end - before);
      if (end <= before) return stored!.read(start, end);
      const both = new Uint8Array(end - start);
      both.set(stored!.read(start, before));
      both.set(bytes.subarray(0, end - before), before - start);
      return both;
    },
  };
}

/** Bytes that are gone through at a time. */
const PIECE = 1 << 18;

/** All bytes in order, in pieces, each as it is until the next is asked for. */
export function* piecesOf(bytes: FileBytes): Generator<Uint8Array> {
  for (let start = 0; start < bytes.length; start += PIECE) {
    yield bytes.read(start, Math.min(start + PIECE, bytes.length));
  }
}
