import type { RemoteFile } from "../../assets.ts";
import { readInto } from "../storage/file_range.ts";
import { download, type DownloadOptions, refusePage } from "./download.ts";
import { DownloadFailure, failureOfConnection, tryAgain } from "./download_failure.ts";
import { type Answer, countIn, request } from "./request.ts";

/** What tells one version of a file from another. */
interface Version {
  readonly size: number;
  readonly etag: string | null;
  readonly modified: string | null;
}

/**
 * Asks a server for a file's size and version, and whether it gives parts of it.
 *
 * The functions of the result throw a {@linkcode DownloadFailure} where the file is another one now,
 * or cannot be had after new tries.
 *
 * @throws {DownloadFailure} if there is no such file, it cannot be asked for, or its size is not told.
 */
export async function openRemoteFile(url: URL, options: DownloadOptions): Promise<RemoteFile> {
  const ask = async (range: string): Promise<Answer> => {
    const signal = AbortSignal.timeout(options.stallTimeout);
    // Compressed on the way, neither lengths nor ranges would be those of the file.
    const headers = { "accept-encoding": "identity", range };
    const answer = await request(url, headers, signal, options);
    await refusePage(answer.response, url);
    return answer;
  };
  const look = async () => {
    const { response, size } = await ask("bytes=0-0");
    await response.body?.cancel();
    const { headers } = response;
    const found = response.status === 206
      ? countIn(/\/(\d+)$/.exec(headers.get("content-range") ?? "")?.[1] ?? null)
      : countIn(headers.get("content-length"));
    const known = found ?? size;
    if (known === undefined) {
      throw new DownloadFailure("final", "the server does not say how large it is");
    }
    return { version: versionOf(headers, known), ranges: response.status === 206 };
  };
  const { version, ranges } = await tryAgain(options, ["again"], look);
  const checkSame = (now: Version): void => {
    if (printOf(now) === printOf(version)) return;
    throw new DownloadFailure(
      "final",
      `it was changed on the server (was ${describe(version)}, is ${describe(now)}); begin anew`,
    );
  };
  return {
    size: version.size,
    print: printOf(version),
    ranges,
    read: (start, size) =>
      tryAgain(options, ["again"], async () => {
        const end = start + size - 1;
        const { response } = await ask(`bytes=${start}-${end}`);
        const { headers, status } = response;
        const found = headers.get("content-range") ?? `an answer of ${status}`;
        const [, from, to, total] = /^bytes (\d+)-(\d+)\/(\d+)$/.exec(found) ?? [];
        try {
          if (total !== undefined) checkSame(versionOf(headers, Number(total)));
          if (status !== 206 || Number(from) !== start || Number(to) !== end) {
            throw new DownloadFailure("again", `expected bytes ${start} to ${end}, found ${found}`);
          }
        } catch (error) {
          await response.body?.cancel();
          throw error;
        }
        const bytes = await response.bytes().catch((error: unknown) => {
          throw failureOfConnection(
            error,
            `the connection broke off within bytes ${start} to ${end}`,
          );
        });
        if (bytes.length === size) return bytes;
        throw new DownloadFailure(
          "again",
          `expected ${size} bytes from ${start} on, found ${bytes.length}`,
        );
      }),
    async copyTo(path) {
      await download(url, path, options);
      checkSame((await tryAgain(options, ["again"], look)).version);
    },
  };
}

/** A file on this machine in the same face: what was downloaded before. */
export async function openLocalFile(path: string): Promise<RemoteFile> {
  const { size, mtime } = await Deno.stat(path);
  return {
    size,
    print: JSON.stringify([size, mtime?.getTime() ?? 0]),
    ranges: true,
    async read(start, length) {
      using file = await Deno.open(path);
      const bytes = new Uint8Array(length);
      await readInto(path, file, bytes, start).catch((cause: unknown) => {
        if (!(cause instanceof SyntaxError)) throw cause;
        throw new DownloadFailure("final", `it ends before byte ${start + length}`, { cause });
      });
      return bytes;
    },
    copyTo: (target) => Deno.copyFile(path, target),
  };
}

function versionOf(headers: Headers, size: number): Version {
  return { size, etag: headers.get("etag"), modified: headers.get("last-modified") };
}

function printOf({ size, etag, modified }: Version): string {
  return JSON.stringify([size, etag, modified]);
}

function describe({ size, etag, modified }: Version): string {
  return [`${size} bytes`, ...etag === null ? [] : [etag], ...modified === null ? [] : [modified]]
    .join(", ");
}
