/** Bytes that are read at a time, from the end. */
const CHUNK = 1 << 16;
const LINE_END = 0x0a;

/** Bytes of the cut row that are told. */
const SHOWN = 200;

/**
 * Cuts what stands after a file's last line end: the beginning of a row whose writer was killed.
 *
 * @param log Told what was cut.
 * @returns whether anything is left; `false` too if there is no file.
 */
export async function dropTornRow(path: string, log: (line: string) => void): Promise<boolean> {
  let file: Deno.FsFile;
  try {
    file = await Deno.open(path, { read: true, write: true });
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
  using opened = file;
  const { size } = await opened.stat();
  let end = size;
  while (end > 0) {
    const start = Math.max(0, end - CHUNK);
    const last = (await readFully(opened, start, end - start)).lastIndexOf(LINE_END);
    end = start + last + 1;
    if (last >= 0) break;
  }
  if (end < size) {
    const shown = new TextDecoder().decode(
      await readFully(opened, end, Math.min(size - end, SHOWN)),
    );
    await opened.truncate(end);
    log(`${path}: its last row was not whole and is written anew: ${shown}`);
  }
  return end > 0;
}

async function readFully(file: Deno.FsFile, start: number, length: number): Promise<Uint8Array> {
  const bytes = new Uint8Array(length);
  await file.seek(start, Deno.SeekMode.Start);
  let filled = 0;
  while (filled < length) {
    const count = await file.read(bytes.subarray(filled));
    if (count === null) break;
    filled += count;
  }
  return bytes.subarray(0, filled);
}
