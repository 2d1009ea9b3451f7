import { z } from "zod";
import { writeAll, writeFileAtomically } from "../../../core/host/storage/atomic_file.ts";
import type { JsonObject } from "../../../core/component.ts";
import { createFileBytes, type FileBytes } from "./file_bytes.ts";
import type { FaultList } from "./fault_list.ts";
import { type NumberRows, numberRows } from "./number_rows.ts";
import { piecesOf } from "./spilled_bytes.ts";
import { type TextRows, textRows } from "./text_rows.ts";

/** What was read of files with pictures and captions. */
export interface ReadRows {
  /** Of each example: what names its picture, then the captions. */
  readonly rows: TextRows;
  /** Further numbers of each example: where its picture is, or how large. */
  readonly numbers: NumberRows;
  readonly faults: FaultList;
  /** What else there is to know. */
  readonly notes: JsonObject;
}

/** The version of the format, in the file's last bytes. */
const MAGIC = "syntagma rows 1\n";

/** Bytes after the description: its length, and the magic words. */
const TAIL = 8 + MAGIC.length;

const schema = z.strictObject({
  source: z.string(),
  fingerprint: z.string(),
  notes: z.record(z.string(), z.json()),
  faults: z.array(z.strictObject({ where: z.string(), reason: z.string() })),
  faultCount: z.int().min(0),
  /** Numbers of each example. */
  width: z.int().min(1),
  /** How many bytes each part takes, in the file's order. */
  parts: z.strictObject({
    texts: z.int(),
    starts: z.int(),
    further: z.int(),
    lasts: z.int(),
    numbers: z.int(),
  }),
});

/**
 * Writes what was read into one file, whole or not at all: the parts one after another, a description
 * in JSON, its length, magic words.
 *
 * @param source Tells what it was read from.
 * @param width Numbers of each example.
 * @throws {StorageError} if the disk is full or the folder cannot be written.
 */
export async function writeIndexFile(
  path: string,
  { rows, numbers, faults, notes }: ReadRows,
  { source, width }: { readonly source: string; readonly width: number },
): Promise<void> {
  const { texts, starts, further, lasts } = rows.parts;
  const parts: Readonly<Record<string, FileBytes | undefined>> = {
    texts,
    starts: starts.bytes,
    further,
    lasts: lasts?.bytes,
    numbers: numbers.bytes,
  };
  const description = new TextEncoder().encode(JSON.stringify({
    source,
    fingerprint: rows.fingerprint(),
    notes,
    faults: faults.faults,
    faultCount: faults.count,
    width,
    parts: Object.fromEntries(
      Object.entries(parts).map(([name, bytes]) => [name, bytes?.length ?? 0]),
    ),
  }));
  await writeFileAtomically(path, async (file) => {
    for (const bytes of Object.values(parts)) {
      if (bytes === undefined) continue;
      for (const piece of piecesOf(bytes)) await writeAll(file, piece as Uint8Array<ArrayBuffer>);
    }
    await writeAll(file, description);
    const tail = new Uint8Array(TAIL);
    new DataView(tail.buffer).setFloat64(0, description.length, true);
    new TextEncoder().encodeInto(MAGIC, tail.subarray(8));
    await writeAll(file, tail);
  });
}

/**
 * Opens a file that {@linkcode writeIndexFile} wrote; rows are read when they are asked for.
 *
 * @returns `undefined` if there is none, it was read from something else, or it is damaged.
 */
export function openIndexFile(path: string, source: string): ReadRows | undefined {
  let file: Deno.FsFile;
  try {
    file = Deno.openSync(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
  const read = readIndex(file, path, source);
  if (read === undefined) file.close();
  return read;
}

function readIndex(file: Deno.FsFile, path: string, source: string): ReadRows | undefined {
  const { size } = file.statSync();
  const all = createFileBytes(file, path, 0, () => size);
  if (size < TAIL) return undefined;
  const tail = all.read(size - TAIL, size);
  if (new TextDecoder().decode(tail.subarray(8)) !== MAGIC) return undefined;
  const length = new DataView(tail.buffer, tail.byteOffset).getFloat64(0, true);
  const end = size - TAIL - length;
  if (!(end >= 0)) return undefined;
  const text = new TextDecoder().decode(all.read(end, size - TAIL));
  const description = schema.safeParse(parsed(text)).data;
  if (description === undefined || description.source !== source) return undefined;
  let place = 0;
  const part = (name: keyof typeof description.parts): FileBytes => {
    const base = place;
    const length = description.parts[name];
    place += length;
    return createFileBytes(file, path, base, () => length);
  };
  // In the order in which they were written.
  const texts = part("texts");
  const starts = numberRows(part("starts"), 1);
  const further = part("further");
  const lasts = part("lasts");
  const numbers = numberRows(part("numbers"), description.width);
  if (place !== end) return undefined;
  const parts = {
    texts,
    starts,
    further,
    lasts: lasts.length === 0 ? undefined : numberRows(lasts, 1),
  };
  return {
    rows: textRows(parts, description.fingerprint),
    numbers,
    faults: { faults: description.faults, count: description.faultCount },
    notes: description.notes as JsonObject,
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
