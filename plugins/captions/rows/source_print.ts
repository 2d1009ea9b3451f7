import { createHash } from "node:crypto";

/** Parts of a file that are looked at, and bytes of each. */
const PARTS = 4;
const BYTES = 4096;

/**
 * What tells that a file is still the one that was read: its size, when it was changed, and a SHA-256
 * of its beginning, its end and parts between. To read all of it would take as long as what the
 * answer is to save.
 */
export async function sourcePrint(path: string): Promise<string> {
  using file = await Deno.open(path);
  const { size, mtime } = await file.stat();
  const hash = createHash("sha256").update(`${size} ${mtime?.getTime() ?? 0}\n`);
  const bytes = new Uint8Array(BYTES);
  for (let part = 0; part < PARTS; part++) {
    const place = Math.floor(Math.max(0, size - BYTES) * part / (PARTS - 1));
    await file.seek(place, Deno.SeekMode.Start);
    const count = await file.read(bytes) ?? 0;
    hash.update(bytes.subarray(0, count));
  }
  return hash.digest("hex");
}

/** {@linkcode sourcePrint} of several files together, in their order. */
export async function sourcesPrint(paths: readonly string[]): Promise<string> {
  const hash = createHash("sha256");
  for (const path of paths) hash.update(await sourcePrint(path));
  return hash.digest("hex");
}
