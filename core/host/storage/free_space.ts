import { statfs } from "node:fs/promises";
import { dirname, resolve } from "node:path";

/**
 * Bytes that can be written to a place, which need not be there yet.
 *
 * @returns undefined where the system does not tell.
 */
export async function freeSpace(path: string): Promise<number | undefined> {
  for (let place = resolve(path);; place = dirname(place)) {
    try {
      const { bavail, bsize } = await statfs(place);
      return bavail * bsize;
    } catch (error) {
      const isMissing = error instanceof Error && "code" in error && error.code === "ENOENT";
      if (!isMissing || place === dirname(place)) return undefined;
    }
  }
}
