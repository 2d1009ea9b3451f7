/**
 * Embeddings in a file, found by what they are embeddings of.
 *
 * @module
 */
import { dirname } from "node:path";
import { crc32 } from "node:zlib";
import { isEmbedding } from "../../embedding_error.ts";
import { StorageError, storageErrorOf } from "../storage/storage_error.ts";
import { writeAll } from "../storage/atomic_file.ts";

/** A row to be kept. */
export interface EmbeddingEntry {
  /** 64 hexadecimal digits. */
  readonly key: string;
  /** `dim` values. */
  readonly row: Float32Array;
}

/** Rows of one length by key, on disk; keys and places are in memory, rows are not. */
export interface EmbeddingStore {
  /** Bytes that a row takes in the file. */
  readonly recordBytes: number;
  /** Whether there is a row for the key. */
  has(key: string): boolean;
  /**
   * Copies rows out of the file.
   *
   * @param keys Keys that are there.
   * @param into Takes row `i` at `places[i]`, counted in rows.
   * @throws {Error} if another process has removed the file since it was opened.
   */
  read(keys: readonly string[], into: Float32Array, places: readonly number[]): void;
  /**
   * Adds rows at the end of the file; those that would make it larger than it may be are left out.
   * Several processes may add to one file.
   *
   * @throws {StorageError} if the disk is full or the file cannot be written.
   */
  append(entries: readonly EmbeddingEntry[]): Promise<void>;
}

const MAGIC = "syntagma embeddings 1\n";
const KEY_BYTES = 32;
const SUM_BYTES = 4;
/** The magic words, then the length of a row. */
const HEADER_BYTES = 32;

/**
 * Opens a store, or begins one. The file is a header and records of one size: key, row, checksum. A
 * record that was cut short or damaged ends the file: it and what follows are embedded again. A whole
 * record whose row is not finite or has length 0 is passed over, and that row embedded again.
 *
 * @param dim Values of a row; a file with rows of another length is begun anew.
 * @param maxBytes The most that the file may take.
 * @throws {StorageError} if the folder cannot be made or the file cannot be opened.
 */
export async function openEmbeddingStore(
  path: string,
  dim: number,
  maxBytes: number,
): Promise<EmbeddingStore> {
  const recordBytes = KEY_BYTES + 4 * dim + SUM_BYTES;
  const placeOf = new Map<string, number>();
  await withFile(path, async (file) => {
    // The cache removes those first that were used longest ago.
    await file.utime(new Date(), new Date());
    const end = await readRecords(file, dim, recordBytes, (key, place) => placeOf.set(key, place));
    if (end !== undefined) return await file.truncate(end);
    await file.truncate(0);
    await file.seek(0, Deno.SeekMode.Start);
    await writeAll(file, header(dim));
  });
  return {
    recordBytes,
    has: (key) => placeOf.has(key),
    read: (keys, into, places) => {
      if (keys.length === 0) return;
      const bytes = new Uint8Array(KEY_BYTES + 4 * dim);
      try {
        using file = Deno.openSync(path);
        keys.forEach((key, i) => {
          file.seekSync(placeOf.get(key)!, Deno.SeekMode.Start);
          let filled = 0;
          while (filled < bytes.length) {
            const count = file.readSync(bytes.subarray(filled));
            if (count === null) throw changedMeanwhile(path);
            filled += count;
          }
          if (bytes.subarray(0, KEY_BYTES).toHex() !== key) throw changedMeanwhile(path);
          into.set(new Float32Array(bytes.buffer, KEY_BYTES), places[i]! * dim);
        });
      } catch (error) {
        // Another process needed the room.
        if (error instanceof Deno.errors.NotFound) throw changedMeanwhile(path);
        throw error;
      }
    },
    append: async (entries) => {
      await withFile(path, async (file) => {
        let size = await file.seek(0, Deno.SeekMode.End);
        if (size < HEADER_BYTES) {
          // Removed by another process that needed the room.
          await file.truncate(0);
          await file.seek(0, Deno.SeekMode.Start);
          await writeAll(file, header(dim));
          placeOf.clear();
          size = HEADER_BYTES;
        }
        const records = Math.floor((size - HEADER_BYTES) / recordBytes);
        const start = HEADER_BYTES + records * recordBytes;
        const room = Math.floor((maxBytes - start) / recordBytes);
        const kept = entries.filter(({ key }) => !placeOf.has(key)).slice(0, Math.max(0, room));
        const bytes = new Uint8Array(kept.length * recordBytes);
        kept.forEach((entry, i) =>
          writeRecord(bytes.subarray(i * recordBytes, (i + 1) * recordBytes), entry)
        );
        // What another process left half-written is written over.
        await file.seek(start, Deno.SeekMode.Start);
        await writeAll(file, bytes).catch(async (error) => {
          // Rows are kept together or not at all: those that are left are embedded with the same
          // others the next time, and come out the same to the last bit.
          await file.truncate(start);
          throw error;
        });
        kept.forEach(({ key }, i) => placeOf.set(key, start + i * recordBytes));
      });
    },
  };
}

function changedMeanwhile(path: string): Error {
  return new Error(`${path}: another process has removed its embeddings; run this again`);
}

/** Opens the file for one process at a time. */
async function withFile(path: string, work: (file: Deno.FsFile) => Promise<void>): Promise<void> {
  try {
    await Deno.mkdir(dirname(path), { recursive: true });
    using file = await Deno.open(path, { read: true, write: true, create: true });
    await file.lock(true);
    await work(file);
  } catch (error) {
    if (error instanceof StorageError || !(error instanceof Error)) throw error;
    throw storageErrorOf(path, error);
  }
}

/** The place after the last whole record; undefined if the file is no store of such rows. */
async function readRecords(
  file: Deno.FsFile,
  dim: number,
  recordBytes: number,
  take: (key: string, place: number) => void,
): Promise<number | undefined> {
  const buffer = new Uint8Array(recordBytes * Math.max(1, Math.floor((1 << 22) / recordBytes)));
  const found = await fill(file, buffer.subarray(0, HEADER_BYTES));
  const expected = header(dim);
  if (found < HEADER_BYTES || expected.some((byte, i) => byte !== buffer[i])) return undefined;
  let place = HEADER_BYTES;
  while (true) {
    const length = await fill(file, buffer);
    const view = new DataView(buffer.buffer);
    let at = 0;
    for (; at + recordBytes <= length; at += recordBytes) {
      const body = buffer.subarray(at, at + recordBytes - SUM_BYTES);
      if (view.getUint32(at + body.length, true) !== crc32(body)) return place;
      const row = new Float32Array(buffer.buffer, at + KEY_BYTES, dim);
      if (isEmbedding(row)) take(body.subarray(0, KEY_BYTES).toHex(), place);
      place += recordBytes;
    }
    if (length < buffer.length) return place;
  }
}

async function fill(file: Deno.FsFile, bytes: Uint8Array<ArrayBuffer>): Promise<number> {
  let filled = 0;
  while (filled < bytes.length) {
    const count = await file.read(bytes.subarray(filled));
    if (count === null) break;
    filled += count;
  }
  return filled;
}

function header(dim: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(HEADER_BYTES);
  new TextEncoder().encodeInto(MAGIC, bytes);
  new DataView(bytes.buffer).setUint32(HEADER_BYTES - 4, dim, true);
  return bytes;
}

function writeRecord(bytes: Uint8Array<ArrayBuffer>, { key, row }: EmbeddingEntry): void {
  bytes.set(Uint8Array.fromHex(key));
  bytes.set(new Uint8Array(new Float32Array(row).buffer), KEY_BYTES);
  const body = bytes.subarray(0, bytes.length - SUM_BYTES);
  new DataView(bytes.buffer, bytes.byteOffset).setUint32(body.length, crc32(body), true);
}
