import { fileURLToPath } from "node:url";
import type { Assets } from "../../assets.ts";
import { importLater } from "../../import_later.ts";

/**
 * The local path of a file that is shipped beside a module. Where the module was loaded from a
 * server, as from JSR, the file is downloaded into the cache first; the second time no server is
 * asked.
 *
 * @param name Relative to the module that asks: `"./words.txt"`.
 * @param base That module's `import.meta.url`.
 * @param options The file's SHA-256, if it is known, and the cache. Default: the environment's.
 * @throws {AssetError} if the file cannot be had.
 *
 * @example
 * ```ts
 * import { packageFile } from "./package_file.ts";
 *
 * const path = await packageFile("./cache.ts", import.meta.resolve("./address.ts"));
 * console.assert((await Deno.stat(path)).isFile);
 * ```
 */
export async function packageFile(
  name: string,
  base: string,
  { assets, ...known }: { readonly sha256?: string; readonly assets?: Assets | undefined } = {},
): Promise<string> {
  const address = new URL(name, base);
  if (address.protocol === "file:") return fileURLToPath(address);
  if (assets !== undefined) return await assets.file(address.href, known);
  // Few modules are loaded from a server: the others need not load what downloads.
  const { assetsFromEnvironment } = await importLater<typeof import("./environment.ts")>(
    "./environment.ts",
    import.meta.url,
  );
  return await assetsFromEnvironment().file(address.href, known);
}
