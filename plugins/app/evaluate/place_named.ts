import { join } from "node:path";
import { sameName } from "../../../core/same_name.ts";

/** A file or folder. */
export interface Place {
  readonly kind: "file" | "folder";
  readonly path: string;
}

/**
 * What stands in a folder under a name, with one of the endings if any are given. Case, `_` and `-`
 * do not matter: the folder `SugarCrepe` is that of `sugar_crepe`.
 *
 * @returns undefined if nothing does, or there is no such folder.
 */
export async function placeNamed(
  folder: string,
  name: string,
  endings: readonly string[] = [],
): Promise<Place | undefined> {
  const entries = await namesIn(folder);
  for (const each of [name, ...endings.map((ending) => name + ending)]) {
    const found = sameName(each, entries);
    const path = join(folder, found ?? each);
    const kind = await kindOf(path);
    if (kind === "folder" || kind === "file" && each !== name) return { kind, path };
  }
  return undefined;
}

/** What a path leads to, through symbolic links. */
export async function kindOf(path: string): Promise<"file" | "folder" | "none"> {
  return await Deno.stat(path).then(
    (info) => info.isDirectory ? "folder" : "file",
    () => "none",
  );
}

async function namesIn(folder: string): Promise<readonly string[]> {
  try {
    return (await Array.fromAsync(Deno.readDir(folder), ({ name }) => name)).sort();
  } catch {
    // An address, or a file: nothing stands in it.
    return [];
  }
}
