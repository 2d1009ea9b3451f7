import { dirname } from "node:path";
import { writeAll } from "../storage/atomic_file.ts";
import { freeSpace } from "../storage/free_space.ts";
import { showBytes } from "../../show_bytes.ts";
import {
  DownloadFailure,
  failureOfConnection,
  type RetryOptions,
  tryAgain,
} from "./download_failure.ts";
import { LargeFileError } from "./large_file_error.ts";
import { PartialFile } from "./partial_file.ts";
import { countIn, request, type RequestOptions } from "./request.ts";

// Not @huggingface/hub: its downloadFileToCacheDir (2.17.5) begins every download at byte 0, checks
// neither length nor SHA-256, has no lock, and asks the network even for what it has, by tag.

/** How to download a file. */
export interface DownloadOptions extends RequestOptions, RetryOptions {
  /** The SHA-256 that the file must have, in lower case. */
  readonly sha256: string | undefined;
  /** The most bytes that are downloaded. */
  readonly largest: number;
  /** Milliseconds without a byte after which a connection counts as broken. */
  readonly stallTimeout: number;
  /** Hears how many bytes of how many are there. */
  readonly onBytes: (bytes: number, total: number | undefined) => void;
}

/**
 * Downloads a file to `<target>.partial`, which becomes `target` when all of it is there and right.
 * A partial file that is left over is continued if the server can and still has the same version
 * (by its ETag, kept in `<target>.partial.etag`). The caller holds the lock of `target`.
 *
 * @throws {DownloadFailure} in words for the reader; the partial file stays if it can be continued.
 * @throws {LargeFileError} if the file is larger than what is downloaded.
 */
export async function download(url: URL, target: string, options: DownloadOptions): Promise<void> {
  await Deno.mkdir(dirname(target), { recursive: true });
  const partial = new PartialFile(target);
  await tryAgain(options, ["again", "stale"], async () => {
    try {
      await tryOnce(url, target, partial, options);
    } catch (error) {
      if (error instanceof DownloadFailure && error.kind === "stale") await partial.remove();
      throw error;
    }
  });
}

async function tryOnce(
  url: URL,
  target: string,
  partial: PartialFile,
  options: DownloadOptions,
): Promise<void> {
  const { have, etag } = await partial.state();
  const stall = new StallTimer(options.stallTimeout);
  try {
    // Compressed on the way, neither lengths nor ranges would be those of the file.
    const headers: Record<string, string> = { "accept-encoding": "identity" };
    if (etag !== undefined) Object.assign(headers, { range: `bytes=${have}-`, "if-range": etag });
    const { response, sha256, size } = await request(url, headers, stall.signal, options);
    await refusePage(response, url);
    // A server that cannot continue, or has another version now, answers 200 with all of the file.
    const start = response.status === 206 ? have : 0;
    const total = response.status === 206 ? totalOfPart(response, have) : totalOfWhole(response);
    const bytes = total ?? size ?? 0;
    if (bytes > options.largest) throw new LargeFileError(url.href, bytes, target);
    await checkRoom(target, bytes - start);
    const file = await partial.open(start, response.headers.get("etag"));
    try {
      await copyBody(response, file, start, total ?? size, stall, options.onBytes);
      await file.sync();
    } finally {
      file.close();
    }
    await partial.finish({ sizes: [total, size], sha256s: [options.sha256, sha256] });
  } finally {
    stall.end();
  }
}

/** Makes sure that the disk has room for so many bytes, before any of them is waited for. */
async function checkRoom(target: string, bytes: number): Promise<void> {
  const free = await freeSpace(target);
  if (free === undefined || free.bytes >= bytes) return;
  throw new DownloadFailure(
    "final",
    `it takes ${showBytes(bytes)}, found ${showBytes(free.bytes)} free on the disk of the cache; ` +
      "SYNTAGMA_CACHE names another folder",
  );
}

/**
 * Makes sure that the server does not send a page for people where a file was asked for.
 *
 * @throws {DownloadFailure} if it does.
 */
export async function refusePage({ headers, body }: Response, { pathname }: URL): Promise<void> {
  const type = headers.get("content-type") ?? "";
  const isPage = /^\s*(text\/html|application\/xhtml\+xml)\b/i.test(type);
  if (!isPage || /\.x?html?$/i.test(pathname)) return;
  await body?.cancel();
  throw new DownloadFailure("final", "found a web page in its place, as of a login or a proxy");
}

function totalOfWhole({ headers }: Response): number | undefined {
  return headers.has("content-encoding") ? undefined : countIn(headers.get("content-length"));
}

function totalOfPart({ headers }: Response, have: number): number {
  const found = headers.get("content-range") ?? "no range";
  const range = /^bytes (\d+)-(\d+)\/(\d+|\*)$/.exec(found);
  if (range === null || Number(range[1]) !== have) {
    throw new DownloadFailure("stale", `expected the bytes from ${have} on, found ${found}`);
  }
  return range[3] === "*" ? Number(range[2]) + 1 : Number(range[3]);
}

async function copyBody(
  response: Response,
  file: Deno.FsFile,
  have: number,
  total: number | undefined,
  stall: StallTimer,
  onBytes: DownloadOptions["onBytes"],
): Promise<void> {
  let bytes = have;
  onBytes(bytes, total);
  const reader = response.body?.getReader();
  while (reader !== undefined) {
    const { done, value } = await reader.read().catch((error: unknown) => {
      throw failureOfConnection(
        error,
        `the connection broke off after ${bytes} of ${total ?? "an unknown number of"} bytes`,
      );
    });
    if (done) break;
    stall.restart();
    await writeAll(file, value);
    bytes += value.length;
    onBytes(bytes, total);
  }
}

/** Aborts a request when nothing has come for a while. */
class StallTimer {
  readonly #controller = new AbortController();
  readonly #milliseconds: number;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(milliseconds: number) {
    this.#milliseconds = milliseconds;
    this.restart();
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  restart(): void {
    clearTimeout(this.#timer);
    const message = `the server sent nothing for ${this.#milliseconds / 1000} seconds`;
    this.#timer = setTimeout(
      () => this.#controller.abort(new DownloadFailure("again", message)),
      this.#milliseconds,
    );
  }

  /** Ends the watch, and the request if its answer has not been read to the end. */
  end(): void {
    clearTimeout(this.#timer);
    this.#controller.abort();
  }
}
