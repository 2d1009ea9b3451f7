import { join, sep } from "node:path";

/** What is known of a path without following a link that leads out. */
export interface InsideInfo {
  readonly isFile: boolean;
  /** Differs when the file was written again, or names were added to the folder. */
  readonly stamp: string;
  /** Milliseconds since 1970; 0 where the file system does not tell. */
  readonly changed: number;
}

/**
 * What there is at a path below a folder; undefined if nothing is. A symbolic link counts as what it
 * leads to, if that is in the folder too.
 *
 * @param root The folder, as `Deno.realPath` gives it.
 * @param names The path below it, from a listing of the folder.
 * @throws {RangeError} if the path leads out of the folder.
 */
export async function lookInside(
  root: string,
  ...names: readonly string[]
): Promise<InsideInfo | undefined> {
  const path = join(root, ...names);
  try {
    // Links anywhere on the way are followed, so what is compared is where the path really is.
    const real = await Deno.realPath(path);
    if (real !== root && !real.startsWith(root.endsWith(sep) ? root : `${root}${sep}`)) {
      throw new RangeError(`${path}: leads out of ${root}, where nothing is read`);
    }
    const { isFile, size, mtime, ino } = await Deno.stat(real);
    const changed = mtime?.getTime() ?? 0;
    return { isFile, stamp: `${ino ?? 0}-${size}-${changed}`, changed };
  } catch (error) {
    const isNone = error instanceof Deno.errors.NotFound ||
      error instanceof Deno.errors.NotADirectory;
    if (isNone) return undefined;
    throw error;
  }
}
