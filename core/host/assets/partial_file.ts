import { isFile, sha256OfFile } from "./cache.ts";
import { DownloadFailure } from "./download_failure.ts";

/** What a finished file must be like; what is `undefined` is not known. */
export interface Expected {
  /** Sizes in bytes. */
  readonly sizes: readonly (number | undefined)[];
  /** SHA-256 sums, in lower-case hexadecimal. */
  readonly sha256s: readonly (string | undefined)[];
}

/** The file that a download grows in, with the ETag of the version that it is a part of. */
export class PartialFile {
  readonly #target: string;
  readonly #path: string;
  readonly #etagPath: string;

  /** @param target What the file becomes when it is whole. */
  constructor(target: string) {
    this.#target = target;
    this.#path = `${target}.partial`;
    this.#etagPath = `${target}.partial.etag`;
  }

  /** How many bytes there are, and the ETag to continue with; 0 where there is no such ETag. */
  async state(): Promise<{ have: number; etag?: string }> {
    if (!await isFile(this.#path) || !await isFile(this.#etagPath)) return { have: 0 };
    const have = (await Deno.stat(this.#path)).size;
    const etag = await Deno.readTextFile(this.#etagPath);
    // A process may have been killed while it wrote the ETag.
    return have > 0 && /^".*"$/.test(etag) ? { have, etag } : { have: 0 };
  }

  /** Opened for writing behind the first `have` bytes; what stood after them is gone. */
  async open(have: number, etag: string | null): Promise<Deno.FsFile> {
    const file = await Deno.open(this.#path, { write: true, create: true });
    await file.truncate(have);
    await file.seek(have, Deno.SeekMode.Start);
    // A weak ETag promises the same meaning, not the same bytes: nothing to continue from.
    if (etag !== null && etag.startsWith('"')) await Deno.writeTextFile(this.#etagPath, etag);
    else await Deno.remove(this.#etagPath).catch(() => {});
    return file;
  }

  /**
   * Gives the file its name if it is as expected.
   *
   * @throws {DownloadFailure} if it is not. A file that is too short stays, to be continued; any
   *   other is removed.
   */
  async finish({ sizes, sha256s }: Expected): Promise<void> {
    const { size } = await Deno.stat(this.#path);
    for (const expected of sizes) {
      if (expected === undefined || size === expected) continue;
      if (size > expected) await this.remove();
      throw new DownloadFailure(
        size > expected ? "final" : "again",
        `expected ${expected} bytes, found ${size}`,
      );
    }
    const wanted = sha256s.filter((sha256) => sha256 !== undefined);
    if (wanted.length > 0) {
      const found = await sha256OfFile(this.#path);
      const other = wanted.find((sha256) => sha256 !== found);
      if (other !== undefined) {
        await this.remove();
        throw new DownloadFailure("final", `expected SHA-256 ${other}, found ${found}`);
      }
    }
    await Deno.rename(this.#path, this.#target);
    await Deno.remove(this.#etagPath).catch(() => {});
  }

  /** Forgets what has been downloaded. */
  async remove(): Promise<void> {
    await Deno.remove(this.#path).catch(() => {});
    await Deno.remove(this.#etagPath).catch(() => {});
  }
}
