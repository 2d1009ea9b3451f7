import { writeAll, writeFileAtomically } from "../../../core/host/storage/atomic_file.ts";
import type { MergeParts } from "./merge.ts";

/** Bytes that are read at a time. */
const PIECE = 1 << 20;

/**
 * Joins files whose lines are those of the whole, part after part.
 *
 * @throws {RangeError} if a file with something else is in the output's place.
 */
export const mergeTables: MergeParts = async (records, out) => {
  const before = await Deno.stat(out).catch((error) => {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  });
  const merged = before === undefined ? out : `${out}.merged`;
  let rows = 0;
  await writeFileAtomically(merged, async (file) => {
    rows = 0;
    for (const { output } of records) {
      for await (const piece of piecesOf(output)) {
        for (const byte of piece) if (byte === 0x0a) rows++;
        await writeAll(file, piece);
      }
    }
  });
  if (before !== undefined) {
    const same = await isSame(merged, out);
    await Deno.remove(merged);
    if (!same) throw new RangeError(`${out}: expected no file, or these rows, found others`);
  }
  return `${out}: ${rows} rows from ${records.length} parts`;
};

/** The bytes of a file; none where a part had nothing to write. */
async function* piecesOf(path: string): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  let file: Deno.FsFile;
  try {
    file = await Deno.open(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return;
    throw error;
  }
  using opened = file;
  const piece = new Uint8Array(PIECE);
  for (let count; (count = await opened.read(piece)) !== null;) yield piece.subarray(0, count);
}

async function isSame(first: string, second: string): Promise<boolean> {
  const [a, b] = [piecesOf(first), piecesOf(second)];
  while (true) {
    const [left, right] = [await a.next(), await b.next()];
    if (left.done || right.done) return left.done === right.done;
    if (left.value.length !== right.value.length) return false;
    if (left.value.some((byte, i) => byte !== right.value[i])) return false;
  }
}
