import { join } from "node:path";

/**
 * A path with `~` for the home folder written out, as shells do it only at the beginning of a word:
 * not in `--out=~/a`, in quotes, in a recipe or in a list. `~name` stays as it is, and so does
 * everything where there is no home folder. A folder that is called `~` is `./~`.
 *
 * @param home Gives the home folder, if it is needed. Default: that of the environment.
 *
 * @example
 * ```ts
 * import { expandHome } from "./expand_home.ts";
 *
 * console.assert(expandHome("~/coco", () => "/home/me") === "/home/me/coco");
 * console.assert(expandHome("~", () => "/home/me") === "/home/me");
 * console.assert(expandHome("./~", () => "/home/me") === "./~");
 * ```
 */
export function expandHome(
  path: string,
  home: () => string | undefined = () => homeFolder(),
): string {
  if (!/^~(?=$|[/\\])/.test(path)) return path;
  const folder = home();
  return folder === undefined ? path : join(folder, path.slice(1));
}

/** The home folder; undefined where the environment names none. */
export function homeFolder(
  read: (name: string) => string | undefined = (name) => Deno.env.get(name),
): string | undefined {
  return read("HOME") || read("USERPROFILE") || undefined;
}
