import { readInto, truncated } from "./file_range.ts";

/** A file in a zip archive. */
export interface ZipEntry {
  /** With its folders, by `/`. */
  readonly name: string;
  /** Whether its bytes stand in the archive as they are. */
  readonly stored: boolean;
  /** Its bytes, as they are outside the archive. */
  readonly size: number;
  /** Where its own header begins. */
  readonly header: number;
}

/** Signatures of the parts of an archive, as little-endian numbers. */
const LOCAL = 0x04034b50;
const CENTRAL = 0x02014b50;
const END = 0x06054b50;
const END_64 = 0x06064b50;
const LOCATOR_64 = 0x07064b50;

const END_LENGTH = 22;
/** The longest comment that may follow the end record. */
const LONGEST_COMMENT = 0xffff;
/** A directory of a million files would be shorter. */
const MOST_DIRECTORY_BYTES = 100_000_000;

/**
 * The files of a zip archive, ZIP64 included, by its central directory; nothing is extracted.
 *
 * @throws {SyntaxError} if the archive is cut short or damaged.
 */
export async function readZipDirectory(
  path: string,
  file: Deno.FsFile,
  fileSize: number,
): Promise<readonly ZipEntry[]> {
  const { count, start, size } = await findDirectory(path, file, fileSize);
  if (start + size > fileSize) throw truncated(path, start + size, fileSize);
  if (size > MOST_DIRECTORY_BYTES) {
    throw new SyntaxError(`${path}: its directory has ${size} bytes, too many to be read`);
  }
  const view = await readView(path, file, start, size);
  const entries: ZipEntry[] = [];
  let at = 0;
  for (let i = 0; i < count; i++) {
    if (at + 46 > size || view.getUint32(at, true) !== CENTRAL) throw damaged(path, i, count);
    const nameLength = view.getUint16(at + 28, true);
    const extraLength = view.getUint16(at + 30, true);
    const end = at + 46 + nameLength + extraLength + view.getUint16(at + 32, true);
    if (end > size) throw damaged(path, i, count);
    const name = new Uint8Array(view.buffer, at + 46, nameLength);
    const extra = new DataView(view.buffer, at + 46 + nameLength, extraLength);
    const wide = zip64Values(view, at, extra);
    const entry = {
      name: new TextDecoder().decode(name),
      stored: view.getUint16(at + 10, true) === 0 && (view.getUint16(at + 8, true) & 1) === 0,
      size: wide.size,
      header: wide.header,
    };
    if (entry.header + 30 + entry.size > fileSize && entry.stored) throw damaged(path, i, count);
    entries.push(entry);
    at = end;
  }
  return entries;
}

/**
 * Where the bytes of a stored file begin.
 *
 * @throws {SyntaxError} if there is no file at that place of the archive.
 */
export async function dataStart(path: string, file: Deno.FsFile, entry: ZipEntry): Promise<number> {
  const view = await readView(path, file, entry.header, 30);
  if (view.getUint32(0, true) !== LOCAL) {
    throw new SyntaxError(`${path}: expected ${entry.name} at byte ${entry.header}, found none`);
  }
  // Its name and its extra field, whose length may differ from the directory's.
  return entry.header + 30 + view.getUint16(26, true) + view.getUint16(28, true);
}

interface Directory {
  readonly count: number;
  readonly start: number;
  readonly size: number;
}

async function findDirectory(
  path: string,
  file: Deno.FsFile,
  fileSize: number,
): Promise<Directory> {
  const tailSize = Math.min(fileSize, END_LENGTH + LONGEST_COMMENT);
  const tail = await readView(path, file, fileSize - tailSize, tailSize);
  let at = tailSize - END_LENGTH;
  while (at >= 0 && tail.getUint32(at, true) !== END) at--;
  if (at < 0) {
    throw new SyntaxError(
      `${path}: the archive is truncated: its directory, at the end, is missing`,
    );
  }
  const short = {
    count: tail.getUint16(at + 10, true),
    size: tail.getUint32(at + 12, true),
    start: tail.getUint32(at + 16, true),
  };
  const locator = at - 20;
  if (locator < 0 || tail.getUint32(locator, true) !== LOCATOR_64) return short;
  const end64 = Number(tail.getBigUint64(locator + 8, true));
  if (!(end64 + 56 <= fileSize)) throw truncated(path, end64 + 56, fileSize);
  const record = await readView(path, file, end64, 56);
  if (record.getUint32(0, true) !== END_64) {
    throw new SyntaxError(`${path}: expected the archive's ZIP64 record at byte ${end64}`);
  }
  return {
    count: Number(record.getBigUint64(32, true)),
    size: Number(record.getBigUint64(40, true)),
    start: Number(record.getBigUint64(48, true)),
  };
}

/** Size and place of an entry; those past 32 bits stand in the extra field of id 1. */
function zip64Values(
  view: DataView,
  at: number,
  extra: DataView,
): { readonly size: number; readonly header: number } {
  const compressed = view.getUint32(at + 20, true);
  const size = view.getUint32(at + 24, true);
  const header = view.getUint32(at + 42, true);
  let next = 0;
  let field = 0;
  while (field + 4 <= extra.byteLength && extra.getUint16(field, true) !== 1) {
    field += 4 + extra.getUint16(field + 2, true);
  }
  // Only the values that did not fit are there, in this order.
  const wide = (value: number): number => {
    const place = field + 4 + next;
    if (value !== 0xffffffff || place + 8 > extra.byteLength) return value;
    next += 8;
    return Number(extra.getBigUint64(place, true));
  };
  const wideSize = wide(size);
  wide(compressed);
  return { size: wideSize, header: wide(header) };
}

async function readView(
  path: string,
  file: Deno.FsFile,
  position: number,
  length: number,
): Promise<DataView<ArrayBuffer>> {
  const bytes = new Uint8Array(length);
  await readInto(path, file, bytes, position);
  return new DataView(bytes.buffer);
}

function damaged(path: string, entry: number, count: number): SyntaxError {
  return new SyntaxError(`${path}: entry ${entry + 1} of ${count} of its directory is damaged`);
}
