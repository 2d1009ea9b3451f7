import { access, constants } from "node:fs/promises";
import { dirname, resolve } from "node:path";

/**
 * Makes sure that something can be written to a place, before the work that it is to hold: that it
 * is not there, or of the right kind; that what it is to stand in is a folder; that this user may
 * write there.
 *
 * @param option What the place was given by: `"--out"`.
 * @throws {RangeError} naming the option, the path, what was expected and what was found.
 */
export async function checkOutput(
  option: string,
  path: string,
  expected: "file" | "folder",
): Promise<void> {
  const whole = resolve(path);
  for (let place = whole;; place = dirname(place)) {
    const kind = await kindOf(place);
    if (kind === "none" && place !== dirname(place)) continue;
    const wanted = place === whole ? expected : "folder";
    const where = place === whole ? `${option} ${path}` : `${option} ${path}: ${place}`;
    if (kind !== wanted) {
      throw new RangeError(`${where}: expected a ${wanted}, found a ${kind}`);
    }
    await access(place, constants.W_OK).catch(() => {
      throw new RangeError(`${where}: expected a ${wanted} that can be written to, found none`);
    });
    return;
  }
}

async function kindOf(path: string): Promise<"file" | "folder" | "none"> {
  try {
    return (await Deno.stat(path)).isDirectory ? "folder" : "file";
  } catch (error) {
    // Below a file there is nothing either.
    const isNone = error instanceof Deno.errors.NotFound ||
      error instanceof Deno.errors.NotADirectory;
    if (isNone) return "none";
    throw error;
  }
}
