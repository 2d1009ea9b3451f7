import type { FileBytes } from "./file_bytes.ts";
import { createSpilledBytes } from "./spilled_bytes.ts";

/** Rows of as many numbers each. */
export interface NumberRows {
  /** How many rows there are. */
  readonly length: number;
  /** Number `column` of row `index`. */
  get(index: number, column: number): number;
  /** They as they are kept: 64-bit floating point, little-endian. */
  readonly bytes: FileBytes;
}

/** Rows of numbers that more are added to. */
export interface GrowingNumberRows extends NumberRows {
  /** Adds a row. */
  add(...numbers: readonly number[]): void;
}

const SIZE = 8;

/** Bytes of numbers that are kept in memory. */
const MEMORY = 1 << 22;

/** Rows that are added to the bytes together. */
const TOGETHER = 1024;

/** Starts with no rows of `width` numbers; many are kept on the disk. */
export function createNumberRows(width: number): GrowingNumberRows {
  const bytes = createSpilledBytes(MEMORY);
  const kept = numberRows(bytes, width);
  const last = new Float64Array(TOGETHER * width);
  let used = 0;
  const flush = (): void => {
    const some = new Uint8Array(last.buffer, 0, SIZE * used);
    bytes.add(some.length, (room) => {
      room.set(some);
      return some.length;
    });
    used = 0;
  };
  return {
    get length() {
      return kept.length + used / width;
    },
    get(index, column) {
      const place = index - kept.length;
      return place < 0 ? kept.get(index, column) : last[place * width + column]!;
    },
    get bytes() {
      flush();
      return bytes;
    },
    add(...numbers) {
      last.set(numbers, used);
      used += width;
      if (used === last.length) flush();
    },
  };
}

/** Rows of `width` numbers from bytes. */
export function numberRows(bytes: FileBytes, width: number): NumberRows {
  return {
    bytes,
    get length() {
      return bytes.length / (SIZE * width);
    },
    get(index, column) {
      const start = SIZE * (width * index + column);
      const number = bytes.read(start, start + SIZE);
      return new DataView(number.buffer, number.byteOffset).getFloat64(0, true);
    },
  };
}
