import { dirname, join } from "node:path";
import { isDiskFault, storageErrorOf } from "./storage_error.ts";

/** What a file is to hold: bytes, text, or a function that writes into the open file. */
export type FileContent =
  | Uint8Array<ArrayBuffer>
  | string
  | ((file: Deno.FsFile) => void | Promise<void>);

/**
 * Writes a file whole or not at all: under a temporary name in the same folder, flushed to the
 * disk, then renamed. Whoever opens `path` meanwhile sees the old file or the new one, never a part
 * of one. If anything fails the temporary file is removed and the old file stays as it was.
 *
 * What killed processes have left half written in the folder is removed first.
 *
 * @param path The file; its folder must exist.
 * @param content What to write. An error that a function throws is passed on as it is, unless it
 *   says that the disk is full or broken. A function may be called again, with another file.
 * @throws {StorageError} if the disk is full or the folder is missing or unwritable.
 *
 * @example
 * ```ts
 * import { writeFileAtomically } from "./atomic_file.ts";
 *
 * const folder = await Deno.makeTempDir();
 * await writeFileAtomically(`${folder}/manifest.json`, `{"seed":42}\n`);
 * await writeFileAtomically(`${folder}/rows.txt`, async (file) => {
 *   for (const row of ["one\n", "two\n"]) await file.write(new TextEncoder().encode(row));
 * });
 * ```
 */
export async function writeFileAtomically(path: string, content: FileContent): Promise<void> {
  await removeAbandoned(dirname(path));
  // Where locks are not seen by others, another process may have taken the file for abandoned.
  while (!await tryToWrite(path, content));
}

/** Writes and renames; false if the temporary file was removed by somebody else meanwhile. */
async function tryToWrite(path: string, content: FileContent): Promise<boolean> {
  // The process and a random part keep two writers of one file off each other's temporary file.
  const temporary = `${path}.${Deno.pid}-${crypto.randomUUID().slice(0, 8)}.tmp`;
  const refuse = (error: unknown): never => {
    throw storageErrorOf(path, error);
  };
  const file = await Deno.open(temporary, { write: true, createNew: true }).catch(refuse);
  try {
    // Tells that somebody is at work; the system frees it however the process ends. Some network
    // file systems have no locks.
    await file.lock(true).catch(() => {});
    if (typeof content === "function") await content(file);
    else await writeAll(file, bytesOf(content));
    await file.sync();
    try {
      await Deno.rename(temporary, path);
      return true;
    } catch (error) {
      if (error instanceof Deno.errors.NotFound) return false;
      return refuse(error);
    }
  } catch (error) {
    await Deno.remove(temporary).catch(() => {});
    // Any other error of a function may be about another file that it read: not ours to reword.
    if (isDiskFault(error)) refuse(error);
    throw error;
  } finally {
    file.close();
  }
}

const TEMPORARY = /\.\d+-[0-9a-f]{8}\.tmp$/;

/** Removes the temporary files of a folder that nobody writes any more. */
async function removeAbandoned(folder: string): Promise<void> {
  try {
    for await (const { name } of Deno.readDir(folder)) {
      if (TEMPORARY.test(name)) await removeUnlessLocked(join(folder, name));
    }
  } catch {
    // Of a folder that cannot be read, writing tells more.
  }
}

async function removeUnlessLocked(path: string): Promise<void> {
  try {
    using file = await Deno.open(path, { write: true });
    if (await file.tryLock(true)) await Deno.remove(path);
  } catch {
    // It is gone, or stands where there are no locks: nothing tells whether it is written.
  }
}

/**
 * Writes all of `bytes`; a single `write` may stop early.
 *
 * @throws what `file.write` throws, such as a full disk.
 */
export async function writeAll(
  file: Deno.FsFile,
  bytes: Uint8Array<ArrayBuffer>,
): Promise<void> {
  let written = 0;
  while (written < bytes.length) written += await file.write(bytes.subarray(written));
}

function bytesOf(content: Uint8Array<ArrayBuffer> | string): Uint8Array<ArrayBuffer> {
  return typeof content === "string" ? new TextEncoder().encode(content) : content;
}
