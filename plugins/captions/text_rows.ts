import { createHash } from "node:crypto";
import { createScratchFile, type ScratchFile } from "./scratch_file.ts";

/**
 * Rows of texts, kept as UTF-8 outside the script heap: a million rows of captions are gigabytes as
 * strings. What is more than some memory holds goes to the disk.
 */
export interface TextRows {
  /** How many rows there are. */
  readonly length: number;
  /** Adds a row. */
  add(texts: readonly string[]): void;
  /** Adds texts to a row that is there, but for those that it has; kept in the script heap. */
  extend(index: number, texts: readonly string[]): void;
  /** The texts of row `index`. */
  get(index: number): string[];
  /** A SHA-256 in hexadecimal of all rows and where each text ends. */
  fingerprint(): string;
}

// Neither byte occurs in UTF-8, so no text can be mistaken for two.
const TEXT_END = 0xff;
const ROW_END = 0xfe;

/** Bytes hashed at a time. */
const PIECE = 1 << 24;

/**
 * Starts with no rows.
 *
 * @param memory How many bytes are kept in memory at most, but for a row that is longer.
 */
export function createTextRows({ memory = 1 << 28 }: { readonly memory?: number } = {}): TextRows {
  const encoder = new TextEncoder();
  const decoder = new TextDecoder();
  /** All rows but the last ones, once there are more than fit into memory. */
  let stored: ScratchFile | undefined;
  let bytes = new Uint8Array(Math.min(memory, 1 << 16));
  let used = 0;
  const starts: number[] = [];
  /** What rows were extended by. */
  const further = new Map<number, readonly string[]>();

  const makeRoom = (most: number): void => {
    if (used + most <= bytes.length) return;
    if (used > 0 && used + most > memory) {
      stored ??= createScratchFile();
      stored.append(bytes.subarray(0, used));
      used = 0;
    }
    const length = Math.max(Math.min(2 * bytes.length, memory), used + most);
    if (length > bytes.length) bytes = new Uint8Array(bytes.buffer.transfer(length));
  };
  const rowBytes = (index: number): Uint8Array => {
    const before = stored?.length ?? 0;
    const start = starts[index]!;
    const end = starts[index + 1] ?? before + used;
    return start < before ? stored!.read(start, end) : bytes.subarray(start - before, end - before);
  };
  const get = (index: number): string[] => {
    const row = rowBytes(index);
    const texts: string[] = [];
    for (let start = 0; row[start] !== ROW_END;) {
      const end = row.indexOf(TEXT_END, start);
      texts.push(decoder.decode(row.subarray(start, end)));
      start = end + 1;
    }
    return [...texts, ...further.get(index) ?? []];
  };
  return {
    get length() {
      return starts.length;
    },
    add(texts) {
      // A UTF-16 unit becomes at most three bytes.
      makeRoom(texts.reduce((sum, text) => sum + 3 * text.length + 1, 1));
      starts.push((stored?.length ?? 0) + used);
      for (const text of texts) {
        used += encoder.encodeInto(text, bytes.subarray(used)).written;
        bytes[used++] = TEXT_END;
      }
      bytes[used++] = ROW_END;
    },
    extend(index, texts) {
      const known = new Set(get(index));
      const added = texts.filter((text) => !known.has(text));
      if (added.length > 0) further.set(index, [...further.get(index) ?? [], ...added]);
    },
    get,
    fingerprint() {
      const hash = createHash("sha256");
      const before = stored?.length ?? 0;
      for (let start = 0; start < before; start += PIECE) {
        hash.update(stored!.read(start, Math.min(start + PIECE, before)));
      }
      hash.update(bytes.subarray(0, used));
      for (const row of further) hash.update(JSON.stringify(row));
      return hash.digest("hex");
    },
  };
}
