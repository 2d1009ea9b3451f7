import { join } from "node:path";

/**
 * A path with `~` for the home folder written out, as shells do it only at the beginning of a word:
 * not in `--out=~/a`, in quotes, in a recipe or in a list. `~name` stays as it is, and so does
 * everything where there is no home folder. A folder that is called `~` is `./~`.
 *
 * @param home The home folder. Default: that of the environment.
 *
 * @example
 * ```ts
 * import { expandHome } from "./expand_home.ts";
 *
 * console.assert(expandHome("~/coco", "/home/me") === "/home/me/coco");
 * console.assert(expandHome("~", "/home/me") === "/home/me");
 * console.assert(expandHome("./~", "/home/me") === "./~");
 * ```
 */
export function expandHome(path: string, home: string | undefined = homeFolder()): string {
  if (home === undefined || !/^~(?=$|[/\\])/.test(path)) return path;
  return path === "~" ? home : join(home, path.slice(2));
}

/** The home folder; undefined where the environment names none. */
export function homeFolder(
  read: (name: string) => string | undefined = (name) => Deno.env.get(name),
): string | undefined {
  return read("HOME") || read("USERPROFILE") || undefined;
}
