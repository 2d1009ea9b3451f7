import { createHash } from "node:crypto";
import { extname, join } from "node:path";
import { sha256OfText } from "../sha256_of_text.ts";
import type { HubAddress, WebAddress } from "./address.ts";

/**
 * Where the cache keeps a file, and where a person may put it by hand:
 * `<cache>/hf/<owner>/<repo>/<revision>/<path>` (`<cache>/hf/datasets/<owner>/…` of a data set) or
 * `<cache>/https/<host>/<path>`. A URL's query follows the name as a hash, since it may hold what no
 * file name can.
 */
export function cachePath(cache: string, address: HubAddress | WebAddress): string {
  if (address.kind === "hub") {
    const { repositories, owner, repo, revision, path } = address;
    const kind = repositories === "models" ? [] : [repositories];
    const folder = join(cache, "hf", ...kind, owner, repo, encodeURIComponent(revision));
    return join(folder, ...path.split("/"));
  }
  const { protocol, host, pathname, search } = address.url;
  const extension = extname(pathname);
  const stem = pathname.slice(0, pathname.length - extension.length);
  const mark = search === "" ? "" : `-${sha256OfText(search).slice(0, 16)}`;
  const name = `${stem}${mark}${extension}`;
  return join(cache, protocol.slice(0, -1), host.replace(":", "%3A"), ...name.split("/"));
}

/**
 * Where Hugging Face's own tools keep the file, if they have fetched it: their cache names the
 * commit of a branch or tag in `refs` and keeps a folder for each commit in `snapshots`.
 *
 * @returns The snapshot's folder, which need not hold the file; `undefined` if there is none.
 */
export async function hubSnapshot(
  hubCache: string,
  { repositories, owner, repo, revision }: HubAddress,
): Promise<string | undefined> {
  const folder = join(hubCache, `${repositories}--${owner}--${repo}`);
  const commit = await Deno.readTextFile(join(folder, "refs", revision)).catch(() => revision);
  const snapshot = join(folder, "snapshots", commit.trim());
  return await isFolder(snapshot) ? snapshot : undefined;
}

/** Whether there is a folder at `path`. */
export async function isFolder(path: string): Promise<boolean> {
  return await Deno.stat(path).then((info) => info.isDirectory, () => false);
}

/** Whether a folder, or one inside it, holds a file that is not a part of a download. */
export async function isFilled(folder: string): Promise<boolean> {
  if (!await isFolder(folder)) return false;
  for await (const { name, isDirectory } of Deno.readDir(folder)) {
    if (isDirectory ? await isFilled(join(folder, name)) : !/\.partial(\.etag)?$/.test(name)) {
      return true;
    }
  }
  return false;
}

/** Whether there is a file at `path`. */
export async function isFile(path: string | URL): Promise<boolean> {
  return await Deno.stat(path).then((info) => info.isFile, () => false);
}

/** The SHA-256 of a file, in hexadecimal. */
export async function sha256OfFile(path: string): Promise<string> {
  const hash = createHash("sha256");
  using file = await Deno.open(path);
  const chunk = new Uint8Array(1 << 20);
  for (let count; (count = await file.read(chunk)) !== null;) hash.update(chunk.subarray(0, count));
  return hash.digest("hex");
}
