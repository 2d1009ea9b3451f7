/** The name of the file by which a folder is held. */
export const LOCK_FILE = ".lock";

/**
 * Holds a folder for this process until it is disposed of, or the process ends in whatever way. Where a
 * file system knows no locks nothing is held.
 *
 * @param folder A folder that is there.
 * @returns undefined if another process, or another part of this one, holds it.
 */
export async function lockFolder(folder: string): Promise<Disposable | undefined> {
  const file = await Deno.open(`${folder}/${LOCK_FILE}`, { create: true, write: true });
  let held: boolean;
  try {
    held = await file.tryLock(true);
  } catch {
    held = true;
  }
  if (held) return { [Symbol.dispose]: () => file.close() };
  file.close();
  return undefined;
}
