import { setTimeout as delay } from "node:timers/promises";

/** The name of the file by which a folder is held. */
export const LOCK_FILE = ".lock";

/** Whoever only looks whether a folder is held has it for a moment: so often it is tried. */
const TRIES = 3;
/** Milliseconds between two of them. */
const PAUSE = 20;

/**
 * Holds a folder for this process until it is disposed of, or the process ends in whatever way. Where a
 * file system knows no locks nothing is held.
 *
 * @param folder A folder that is there.
 * @returns undefined if another process, or another part of this one, holds it.
 */
export async function lockFolder(folder: string): Promise<Disposable | undefined> {
  const file = await Deno.open(`${folder}/${LOCK_FILE}`, { create: true, write: true });
  for (let tries = 1;; tries++) {
    if (await tryLock(file, true)) return { [Symbol.dispose]: () => file.close() };
    if (tries === TRIES) break;
    await delay(PAUSE);
  }
  file.close();
  return undefined;
}

/**
 * Whether a process, or a part of this one, holds a folder. Writes nothing there; false where a file
 * system knows no locks.
 */
export async function isHeld(folder: string): Promise<boolean> {
  try {
    using file = await Deno.open(`${folder}/${LOCK_FILE}`);
    return !await tryLock(file, false);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

async function tryLock(file: Deno.FsFile, exclusive: boolean): Promise<boolean> {
  try {
    return await file.tryLock(exclusive);
  } catch {
    return true;
  }
}
