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
    // Where Deno lets this be written and not what it is to stand in, the first write will tell.
    if (mayWrite(whole) && !mayWrite(place)) return;
    try {
      await tryToWrite(place, kind);
    } catch (cause) {
      if (cause instanceof Deno.errors.NotCapable) throw cause;
      throw new RangeError(`${where}: expected a ${wanted} that can be written to, found none`, {
        cause,
      });
    }
    return;
  }
}

function mayWrite(path: string): boolean {
  return Deno.permissions.querySync({ name: "write", path }).state === "granted";
}

/**
 * Opens a file for writing without a change of it, or makes an empty one in a folder and takes it
 * away: rights on paper do not tell of a file system that is read-only. (Node's `access` asks Deno for
 * the user's number, which is a permission of its own, and throws where nobody can catch it.)
 */
async function tryToWrite(place: string, kind: "file" | "folder" | "none"): Promise<void> {
  if (kind === "file") (await Deno.open(place, { write: true })).close();
  else await Deno.remove(await Deno.makeTempFile({ dir: place, prefix: ".syntagma-" }));
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
