/**
 * Bytes from the middle of a file.
 *
 * @module
 */

/**
 * Fills `bytes` from a place in an open file.
 *
 * @param path Named in messages.
 * @throws {SyntaxError} if the file ends before.
 */
export async function readInto(
  path: string,
  file: Deno.FsFile,
  bytes: Uint8Array<ArrayBuffer>,
  position: number,
): Promise<void> {
  await file.seek(position, Deno.SeekMode.Start);
  let filled = 0;
  while (filled < bytes.length) {
    const count = await file.read(bytes.subarray(filled));
    if (count === null) throw truncated(path, position + bytes.length, position + filled);
    filled += count;
  }
}

/** The error for a file that is shorter than it says itself. */
export function truncated(path: string, expected: number, found: number): SyntaxError {
  return new SyntaxError(
    `${path}: the file is truncated: expected at least ${expected} bytes, found ${found}`,
  );
}
