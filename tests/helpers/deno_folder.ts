import { linkFolder } from "./link_folder.ts";

/**
 * Makes a folder for `DENO_DIR` whose caches are empty but for that of npm, which is this process's:
 * hundreds of megabytes are not fetched again.
 *
 * @param packages Where given, npm's cache holds these versions alone: `"zod/4.6.7"`.
 */
export async function createDenoFolder(path: string, packages?: readonly string[]): Promise<void> {
  const { stdout } = await new Deno.Command(Deno.execPath(), { args: ["info", "--json"] }).output();
  const { npmCache } = JSON.parse(new TextDecoder().decode(stdout));
  await Deno.mkdir(path);
  if (packages === undefined) return await Deno.symlink(npmCache, `${path}/npm`);
  // It holds a folder for each registry.
  for await (const { name } of Deno.readDir(npmCache)) {
    for (const each of packages) {
      await linkFolder(`${npmCache}/${name}/${each}`, `${path}/npm/${name}/${each}`);
    }
  }
}
