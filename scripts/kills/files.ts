/**
 * What stands in a folder.
 *
 * @module
 */
import { relative } from "node:path";

/** The paths of all files in a folder and those inside it, sorted; none if there is no folder. */
export async function filesIn(folder: string): Promise<string[]> {
  const found: string[] = [];
  const visit = async (path: string) => {
    for await (const { name, isDirectory } of Deno.readDir(path)) {
      if (isDirectory) await visit(`${path}/${name}`);
      else found.push(`${path}/${name}`);
    }
  };
  await visit(folder).catch((error) => {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  });
  return found.map((path) => relative(folder, path)).sort();
}

/** The folders in a folder, sorted; none if there is no folder. */
export async function foldersIn(folder: string): Promise<string[]> {
  try {
    const entries = await Array.fromAsync(Deno.readDir(folder));
    return entries.filter(({ isDirectory }) => isDirectory).map(({ name }) => name).sort();
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return [];
    throw error;
  }
}

/** Whether there is a file. */
export async function isThere(path: string): Promise<boolean> {
  return await Deno.stat(path).then(() => true, () => false);
}

/** The name of a file that is still being written. */
export const TEMPORARY = /\.\d+-[0-9a-f]{8}\.tmp$/;
