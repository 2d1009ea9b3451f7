import { createHash } from "node:crypto";
import type { FileBytes } from "./file_bytes.ts";
import { createNumberRows, type NumberRows } from "./number_rows.ts";
import { createSpilledBytes, piecesOf } from "./spilled_bytes.ts";

/** Rows of texts, kept as UTF-8 outside the script heap and, where they are many, on the disk. */
export interface TextRows {
  /** How many rows there are. */
  readonly length: number;
  /** The texts of row `index`. */
  get(index: number): string[];
  /** How many texts row `index` has. */
  count(index: number): number;
  /** A SHA-256 in hexadecimal of all rows and where each text ends. */
  fingerprint(): string;
  /** What they are kept as. */
  readonly parts: TextRowParts;
}

/** What rows of texts are kept as. */
export interface TextRowParts {
  /** The rows one after another, each text with a byte at its end and each row with another. */
  readonly texts: FileBytes;
  /** Where each row begins. */
  readonly starts: NumberRows;
  /**
   * What rows were extended by: the place of the piece before for the same row and 1, or 0; the row;
   * how long the piece is; its texts as those of a row.
   */
  readonly further: FileBytes;
  /** Of each row the place of its last piece and 1, or 0; `undefined` if none was extended. */
  readonly lasts: NumberRows | undefined;
}

/** Rows of texts that more are added to. */
export interface GrowingTextRows extends TextRows {
  /** Adds a row. */
  add(texts: readonly string[]): void;
  /** Adds texts to a row that is there, but for those that it has. */
  extend(index: number, texts: readonly string[]): void;
}

// Neither byte occurs in UTF-8, so no text can be mistaken for two.
const TEXT_END = 0xff;
const ROW_END = 0xfe;

/** Bytes of a piece before its texts: three numbers. */
const HEAD = 24;

const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

/**
 * Starts with no rows.
 *
 * @param memory How many bytes of texts are kept in memory at most, but for a row that is longer.
 */
export function createTextRows(
  { memory = 1 << 22 }: { readonly memory?: number } = {},
): GrowingTextRows {
  const texts = createSpilledBytes(memory);
  const further = createSpilledBytes(memory);
  const starts = createNumberRows(1);
  /** Of each row that may be extended; made when one is. */
  let lasts = new Float64Array(0);
  const parts: TextRowParts = {
    texts,
    starts,
    further,
    get lasts() {
      return further.length === 0 ? undefined : memoryRows(lasts, starts.length);
    },
  };
  const rows = textRows(parts);
  return Object.assign(rows, {
    add(row: readonly string[]) {
      starts.add(texts.length);
      texts.add(roomFor(row), (room) => write(row, room));
    },
    extend(index: number, given: readonly string[]) {
      const known = new Set(rows.get(index));
      const added = given.filter((text) => !known.has(text));
      if (added.length === 0) return;
      if (index >= lasts.length) {
        const larger = new Float64Array(Math.max(1024, 2 * starts.length));
        larger.set(lasts);
        lasts = larger;
      }
      const place = further.length;
      further.add(HEAD + roomFor(added), (room) => {
        const length = HEAD + write(added, room.subarray(HEAD));
        const view = new DataView(room.buffer, room.byteOffset);
        for (const [i, value] of [lasts[index]!, index, length].entries()) {
          view.setFloat64(8 * i, value, true);
        }
        return length;
      });
      lasts[index] = place + 1;
    },
  });
}

/**
 * Rows of texts from what they are kept as.
 *
 * @param fingerprint Theirs, where it is known.
 */
export function textRows(parts: TextRowParts, fingerprint?: string): TextRows {
  const { texts, starts, further } = parts;
  const rowBytes = (index: number): Uint8Array => {
    const end = index + 1 < starts.length ? starts.get(index + 1, 0) : texts.length;
    return texts.read(starts.get(index, 0), end);
  };
  const pieceAt = (place: number) => {
    const head = further.read(place, place + HEAD);
    const view = new DataView(head.buffer, head.byteOffset);
    const [before, row, length] = [0, 8, 16].map((at) => view.getFloat64(at, true));
    return { before: before!, row: row!, length: length! };
  };
  /** The texts of pieces, from the last one back. */
  const furtherTexts = (last: number): string[] => {
    const pieces: string[][] = [];
    while (last > 0) {
      const { before, length } = pieceAt(last - 1);
      pieces.push(read(further.read(last - 1 + HEAD, last - 1 + length)));
      last = before;
    }
    return pieces.reverse().flat();
  };
  const lastOf = (index: number) => parts.lasts?.get(index, 0) ?? 0;
  return {
    parts,
    get length() {
      return starts.length;
    },
    get(index) {
      const own = read(rowBytes(index));
      const last = lastOf(index);
      return last === 0 ? own : [...own, ...furtherTexts(last)];
    },
    count(index) {
      let count = 0;
      for (const byte of rowBytes(index)) if (byte === TEXT_END) count++;
      const last = lastOf(index);
      return last === 0 ? count : count + furtherTexts(last).length;
    },
    fingerprint() {
      if (fingerprint !== undefined) return fingerprint;
      const hash = createHash("sha256");
      for (const piece of piecesOf(texts)) hash.update(piece);
      // Rows in the order in which they were extended first, each with all that it was extended by.
      for (let place = 0; place < further.length;) {
        const { before, row, length } = pieceAt(place);
        if (before === 0) hash.update(JSON.stringify([row, furtherTexts(lastOf(row))]));
        place += length;
      }
      return hash.digest("hex");
    },
  };
}

/** A UTF-16 unit becomes at most three bytes. */
function roomFor(texts: readonly string[]): number {
  return texts.reduce((sum, text) => sum + 3 * text.length + 1, 1);
}

function write(texts: readonly string[], room: Uint8Array): number {
  let used = 0;
  for (const text of texts) {
    used += encoder.encodeInto(text, room.subarray(used)).written;
    room[used++] = TEXT_END;
  }
  room[used++] = ROW_END;
  return used;
}

function read(row: Uint8Array): string[] {
  const texts: string[] = [];
  for (let start = 0; row[start] !== ROW_END;) {
    const end = row.indexOf(TEXT_END, start);
    texts.push(decoder.decode(row.subarray(start, end)));
    start = end + 1;
  }
  return texts;
}

/** Numbers that are in memory, one a row, with zeros for rows behind them. */
function memoryRows(numbers: Float64Array, length: number): NumberRows {
  return {
    length,
    get: (index) => numbers[index] ?? 0,
    bytes: {
      length: 8 * length,
      read(start, end) {
        const bytes = new Uint8Array(end - start);
        bytes.set(new Uint8Array(numbers.buffer).subarray(start, end));
        return bytes;
      },
    },
  };
}
