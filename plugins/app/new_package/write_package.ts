import { basename, join, resolve } from "node:path";
import { packageFiles } from "./templates.ts";

/**
 * Writes a new package into a folder, which is made if it is not there and has to be empty. The
 * folder's name becomes the package's.
 *
 * @returns the names of the files.
 * @throws {RangeError} if the folder is not empty, is a file, or has no name for a package.
 */
export async function writePackage(folder: string): Promise<readonly string[]> {
  const name = basename(resolve(folder));
  // What is a name both on JSR, for a plugin and for a recipe.
  if (!/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(name) || name.length < 2 || name.length > 58) {
    throw new RangeError(
      `${folder}: expected a folder's name of 2 to 58 lower-case letters, digits and single ` +
        `hyphens, a letter first, found "${name}"`,
    );
  }
  await Deno.mkdir(folder, { recursive: true }).catch((error) => {
    if (!(error instanceof Deno.errors.AlreadyExists)) throw error;
    throw new RangeError(`${folder}: expected a folder, or nothing yet, found a file`);
  });
  for await (const entry of Deno.readDir(folder)) {
    throw new RangeError(`${folder}: expected an empty folder, found ${entry.name} in it`);
  }
  const files = Object.entries(packageFiles(name));
  for (const [path, text] of files) {
    await Deno.writeTextFile(join(folder, path), text, { createNew: true });
  }
  return files.map(([path]) => path);
}
