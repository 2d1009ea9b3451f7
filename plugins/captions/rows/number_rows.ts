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

/** Starts with no rows of `width` numbers; many are kept on the disk. */
export function createNumberRows(width: number): GrowingNumberRows {
  const bytes = createSpilledBytes(MEMORY);
  return {
    ...numberRows(bytes, width),
    get length() {
      return bytes.length / (SIZE * width);
    },
    add(...numbers) {
      bytes.add(SIZE * width, (room) => {
        const view = viewOf(room);
        for (let i = 0; i < width; i++) view.setFloat64(SIZE * i, numbers[i]!, true);
        return SIZE * width;
      });
    },
  };
}

/** Rows of `width` numbers from bytes. */
export function numberRows(bytes: FileBytes, width: number): NumberRows {
  return {
    bytes,
    length: bytes.length / (SIZE * width),
    get(index, column) {
      const start = SIZE * (width * index + column);
      return viewOf(bytes.read(start, start + SIZE)).getFloat64(0, true);
    },
  };
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
