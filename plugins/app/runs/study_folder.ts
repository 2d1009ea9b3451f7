/**
 * Where the runs of a study are.
 *
 * @module
 */

/** The folder of the runs of an arm with a seed: of one, that is. */
export function seedFolder(study: string, arm: string, seed: number): string {
  return `${study}/${arm}/seed-${seed}`;
}

/** The run folder that an earlier part of the study made. */
export async function runFolderIn(home: string): Promise<string | undefined> {
  try {
    for await (const { name, isDirectory } of Deno.readDir(home)) {
      const path = `${home}/${name}`;
      if (isDirectory && await isBegun(path)) return path;
    }
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
  return undefined;
}

/** Whether a folder was begun as a run's or a study's. */
export async function isBegun(path: string): Promise<boolean> {
  return await isFile(`${path}/manifest.json`);
}

async function isFile(path: string): Promise<boolean> {
  try {
    return (await Deno.stat(path)).isFile;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}
