import { stat, statfs } from "node:fs/promises";
import { dirname, resolve } from "node:path";

/** What can be written to a place. */
export interface FreeSpace {
  /** In bytes. */
  readonly bytes: number;
  /** Names the disk: two places with the same name share what is free. */
  readonly disk: number;
}

/**
 * What can be written to a place, which need not be there yet.
 *
 * @returns undefined where the system does not tell.
 */
export async function freeSpace(path: string): Promise<FreeSpace | undefined> {
  for (let place = resolve(path);; place = dirname(place)) {
    try {
      const { bavail, bsize } = await statfs(place);
      return { bytes: bavail * bsize, disk: (await stat(place)).dev };
    } catch (error) {
      const isMissing = error instanceof Error && "code" in error && error.code === "ENOENT";
      if (!isMissing || place === dirname(place)) return undefined;
    }
  }
}
