/**
 * Text of files and of parts of files, read in one way everywhere: UTF-8 that is checked, without a
 * byte-order mark, unpacked where it is gzip.
 *
 * @module
 */
import { Readable } from "node:stream";
import { createGunzip, gunzipSync } from "node:zlib";
import { guessEncoding } from "./guess_encoding.ts";
import { firstInvalidByte, wholeCharacters } from "./utf8.ts";

/** The most bytes that one text may have: the longest string of V8. */
const LONGEST = 2 ** 29 - 24;

/** Bytes before a fault that are looked at to guess what the text is. */
const CONTEXT = 4096;

const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/**
 * The text of a file in UTF-8: gzip is unpacked, whatever the file is called, and a byte-order mark
 * in front is dropped. What is not UTF-8 is never replaced by other characters.
 *
 * @throws {SyntaxError} if it is not UTF-8, holds a zero byte, or is gzip that breaks off; names the
 *   file, the byte's offset and what the text looks like.
 * @throws {RangeError} if it is longer than a string can be.
 *
 * @example
 * ```ts
 * import { readText } from "./read_text.ts";
 *
 * const path = await Deno.makeTempFile();
 * await Deno.writeTextFile(path, "\ufeffnaïve");
 * console.assert(await readText(path) === "naïve");
 * ```
 */
export async function readText(path: string): Promise<string> {
  return decodeText(await Deno.readFile(path), path);
}

/**
 * The text that some bytes are, as {@linkcode readText} reads a file.
 *
 * @param where Names them in errors.
 */
export function decodeText(bytes: Uint8Array, where: string): string {
  const plain = isGzip(bytes) ? unpack(bytes, where) : bytes;
  if (plain.length > LONGEST) {
    throw new RangeError(
      `${where}: expected at most ${LONGEST} bytes of text, found ${plain.length}`,
    );
  }
  return withoutMark(decode(plain, where, 0));
}

/**
 * The text of a file piece by piece, as {@linkcode readText} reads it: for what may be larger than
 * memory. Pieces end between two characters.
 */
export async function* readTextPieces(path: string): AsyncGenerator<string> {
  let rest = new Uint8Array(0);
  let offset = 0;
  for await (const piece of bytesOf(path)) {
    const bytes = joined(rest, piece);
    const end = wholeCharacters(bytes);
    const text = decode(bytes.subarray(0, end), path, offset);
    if (text !== "") yield offset === 0 ? withoutMark(text) : text;
    offset += end;
    rest = bytes.slice(end);
  }
  if (rest.length > 0) yield decode(rest, path, offset);
}

/**
 * The first bytes of a file, fewer where it is shorter, unpacked where it is gzip.
 *
 * @throws {SyntaxError} if it is gzip that breaks off before.
 */
export async function readStart(path: string, length: number): Promise<Uint8Array> {
  let bytes = new Uint8Array(0);
  for await (const piece of bytesOf(path)) {
    bytes = joined(bytes, piece).slice();
    if (bytes.length >= length) break;
  }
  return bytes.subarray(0, length);
}

/** Whether bytes begin as gzip does. */
export function isGzip(bytes: Uint8Array): boolean {
  return bytes[0] === 0x1f && bytes[1] === 0x8b;
}

/** Bytes of a file that are read at a time. */
const PIECE = 1 << 16;

/**
 * The bytes of an open file, always in the same memory: garbage of a large file grows faster than it is
 * taken away.
 */
async function* piecesOf(file: Deno.FsFile): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  using opened = file;
  const piece = new Uint8Array(PIECE);
  for (let count; (count = await opened.read(piece)) !== null;) yield piece.subarray(0, count);
}

/** The bytes of a file, unpacked where it is gzip; each piece only until the next is asked for. */
async function* bytesOf(path: string): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  const file = await Deno.open(path);
  let packed: boolean;
  try {
    const start = new Uint8Array(2);
    await file.read(start);
    packed = isGzip(start);
    await file.seek(0, Deno.SeekMode.Start);
  } catch (error) {
    file.close();
    throw error;
  }
  if (!packed) return yield* piecesOf(file);
  // The web's DecompressionStream refuses gzip of several members, which pigz and bgzip write.
  const unpacked = Readable.fromWeb(file.readable as never).pipe(createGunzip());
  try {
    yield* unpacked as AsyncIterable<Uint8Array<ArrayBuffer>>;
  } catch (error) {
    throw brokenGzip(path, error);
  }
}

function unpack(bytes: Uint8Array, where: string): Uint8Array {
  try {
    return gunzipSync(bytes, { maxOutputLength: LONGEST });
  } catch (error) {
    throw brokenGzip(where, error);
  }
}

function brokenGzip(where: string, cause: unknown): SyntaxError {
  const found = cause instanceof Error ? cause.message : String(cause);
  return new SyntaxError(`${where}: expected whole gzip (${found})`, { cause });
}

/** @param offset Where the bytes begin in their file. */
function decode(bytes: Uint8Array, where: string, offset: number): string {
  let text: string | undefined;
  try {
    text = decoder.decode(bytes);
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
  }
  // No text has zero bytes, and UTF-16 of English, which has many, would else pass for UTF-8.
  const at = text === undefined ? firstInvalidByte(bytes) : bytes.indexOf(0);
  if (text !== undefined && at < 0) return text;
  const found = `0x${bytes[at]!.toString(16).padStart(2, "0")}`;
  const start = Math.max(0, at - CONTEXT);
  const guess = guessEncoding(bytes.subarray(start, at + CONTEXT), at - start);
  throw new SyntaxError(
    `${where}, byte ${offset + at}: expected text in UTF-8, found the byte ${found}, as ${guess}`,
  );
}

function withoutMark(text: string): string {
  return text.startsWith("\ufeff") ? text.slice(1) : text;
}

function joined(
  first: Uint8Array<ArrayBuffer>,
  second: Uint8Array<ArrayBuffer>,
): Uint8Array<ArrayBuffer> {
  if (first.length === 0) return second;
  const both = new Uint8Array(first.length + second.length);
  both.set(first);
  both.set(second, first.length);
  return both;
}
