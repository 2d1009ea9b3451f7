import { readAt } from "./rows/file_bytes.ts";

/** A file in a tar archive, and where its bytes are. */
export interface TarMember {
  /** Its path in the archive. */
  readonly name: string;
  /** The offset of its first byte in the archive. */
  readonly start: number;
  /** How many bytes it has. */
  readonly size: number;
}

/** Bytes of a header; what a member has is filled up to a multiple of them. */
export const BLOCK = 512;
const decoder = new TextDecoder();

/**
 * The files of an open tar archive in order: ustar, with the long names of pax and GNU. Only headers
 * are read. Libraries for tar stream every byte and tell nobody where a file begins, so that none
 * could be read at random.
 *
 * @param path Names the archive in errors.
 * @throws {SyntaxError} if it is not a tar archive, or ends within a file; names the offset.
 */
export function* readTarMembers(archive: Deno.FsFile, path: string): Generator<TarMember> {
  const { size: length } = archive.statSync();
  let named: { readonly name?: string; readonly size?: number } = {};
  for (let offset = 0; offset < length;) {
    const header = readAt(archive, offset, BLOCK);
    // Blocks of zeros end the archive.
    if (header.every((byte) => byte === 0)) return;
    checkHeader(header, `${path}, byte ${offset}`);
    const start = offset + BLOCK;
    const type = String.fromCharCode(header[156]!);
    // A size above 8 GB stands only in the pax header before.
    const size = named.size ?? numberIn(header.subarray(124, 136));
    if (!Number.isSafeInteger(size) || size < 0) {
      throw new SyntaxError(`${path}, byte ${offset}: expected a size in bytes, found ${size}`);
    }
    if (start + size > length) {
      const name = named.name ?? nameIn(header);
      throw new SyntaxError(
        `${path}, byte ${offset}: expected ${size} bytes of ${name}, found ${length - start}`,
      );
    }
    offset = start + Math.ceil(size / BLOCK) * BLOCK;
    if (type === "x") named = { ...named, ...readPax(readAt(archive, start, size)) };
    else if (type === "L") named = { ...named, name: textIn(readAt(archive, start, size)) };
    else if (type !== "g" && type !== "K") {
      if (type === "0" || type === "\0") yield { name: named.name ?? nameIn(header), start, size };
      named = {};
    }
  }
}

/** Whether these are the first bytes of a tar archive. */
export function isTarHeader(header: Uint8Array): boolean {
  // The sum of all bytes of a header, with spaces in place of the sum itself, stands in the header.
  const found = header.reduce((sum, byte, i) => sum + (i >= 148 && i < 156 ? 32 : byte), 0);
  return header.length === BLOCK && numberIn(header.subarray(148, 156)) === found;
}

function checkHeader(header: Uint8Array, where: string): void {
  if (isTarHeader(header)) return;
  throw new SyntaxError(`${where}: expected a tar header, found something else`);
}

/** Octal digits, or after a first bit that is set a number in base 256 (GNU). */
function numberIn(field: Uint8Array): number {
  if ((field[0]! & 0x80) !== 0) {
    return field.reduce((value, byte, i) => value * 256 + (i === 0 ? byte & 0x7f : byte), 0);
  }
  return parseInt(textIn(field).trim() || "0", 8);
}

function nameIn(header: Uint8Array): string {
  const name = textIn(header.subarray(0, 100));
  // POSIX's magic ends with a zero, GNU's with a space; only the former has a prefix.
  const posix = textIn(header.subarray(257, 263)) === "ustar" && header[262] === 0;
  const prefix = posix ? textIn(header.subarray(345, 500)) : "";
  return prefix === "" ? name : `${prefix}/${name}`;
}

/** Records of the form `<length> <key>=<value>\n`. */
function readPax(bytes: Uint8Array): { readonly name?: string; readonly size?: number } {
  let name: string | undefined;
  let size: number | undefined;
  for (let start = 0; start < bytes.length;) {
    const space = bytes.indexOf(32, start);
    const length = Number(decoder.decode(bytes.subarray(start, space)));
    if (space < 0 || !(length > 0)) break;
    const record = decoder.decode(bytes.subarray(space + 1, start + length - 1));
    const equals = record.indexOf("=");
    const [key, value] = [record.slice(0, equals), record.slice(equals + 1)];
    if (key === "path") name = value;
    // As digits alone: a size below zero would lead back to headers that were read.
    if (key === "size") size = /^\d+$/.test(value) ? Number(value) : NaN;
    start += length;
  }
  return { ...(name === undefined ? {} : { name }), ...(size === undefined ? {} : { size }) };
}

/** The text up to the first zero. */
function textIn(field: Uint8Array): string {
  const end = field.indexOf(0);
  return decoder.decode(end < 0 ? field : field.subarray(0, end));
}
