import { join } from "node:path";
import { isHiddenName, isPictureName } from "../../images/picture_name.ts";

/**
 * The pictures of a folder, those of folders inside it as well, by name: hidden files and kinds that
 * are not decoded are passed over.
 *
 * @returns paths that begin with the folder, in their order.
 * @throws {Deno.errors.NotFound} if there is no such folder.
 */
export async function listPictures(folder: string): Promise<readonly string[]> {
  return (await picturesIn(folder)).sort();
}

async function picturesIn(folder: string): Promise<string[]> {
  const found: string[] = [];
  for await (const entry of Deno.readDir(folder)) {
    if (isHiddenName(entry.name)) continue;
    const path = join(folder, entry.name);
    if (entry.isDirectory) found.push(...await picturesIn(path));
    // A link to a folder is not followed: it may lead in a circle.
    else if (isPictureName(entry.name)) found.push(path);
  }
  return found;
}
