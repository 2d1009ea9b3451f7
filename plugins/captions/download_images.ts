import { z } from "zod";
import { checkOptions } from "../../core/check_options.ts";
import { DownloadFolder } from "./download_folder.ts";
import { FetchFailure, fetchPicture } from "./fetch_picture.ts";
import { createTurns, sleep } from "./turns.ts";

/** How many pictures have come to what. */
export interface DownloadCounts {
  /** Downloaded in this run. */
  readonly downloaded: number;
  /** There before. */
  readonly present: number;
  /** Not to be had, in this run or, where it can't pass, in an earlier one. */
  readonly failed: number;
}

/** What {@linkcode downloadImages} came to. */
export interface DownloadSummary extends DownloadCounts {
  /** How many failed for each reason, the most frequent first. */
  readonly reasons: ReadonlyMap<string, number>;
  /** Whether the signal ended it before the last address. */
  readonly stopped: boolean;
}

/** What {@linkcode downloadImages} is to do. */
export interface DownloadImagesOptions {
  /** Where the pictures are, such as {@linkcode pictureAddresses} gives; each is asked for once. */
  readonly addresses: Iterable<string> | AsyncIterable<string>;
  /** Where they go; made if it is not there. */
  readonly folder: string;
  /** How many are asked for at a time. Default 16. */
  readonly concurrency?: number;
  /** How many requests begin in a second at most. Default `null`: as many as can. */
  readonly rate?: number | null;
  /** Milliseconds to wait before each new try of a failure that may pass. Default 1, 4 and 16 s. */
  readonly retryDelays?: readonly number[];
  /** Waits that a server asks for (`Retry-After`) are kept up to so many ms. Default 60 s. */
  readonly longestWait?: number;
  /** Milliseconds without a byte after which a connection counts as broken. Default 20 s. */
  readonly stallTimeout?: number;
  /** Milliseconds for a whole picture. Default 120 s. */
  readonly timeout?: number;
  /** The most bytes that a picture may have. Default 64 MiB. */
  readonly maxBytes?: number;
  /** Whether failures of earlier runs that can't pass (404, no picture) are tried again too. */
  readonly retryFailed?: boolean;
  /** Ends it: what is under way is broken off, what is done stays. */
  readonly signal?: AbortSignal;
  /** Hears of every address that is done with. */
  readonly onProgress?: (counts: DownloadCounts) => void;
  /** Stands in for the global `fetch`. */
  readonly fetch?: typeof fetch;
}

const milliseconds = z.number().min(0);
const schema = z.strictObject({
  concurrency: z.int().min(1).max(1000).default(16),
  rate: z.number().positive().nullable().default(null),
  retryDelays: z.array(milliseconds).default([1000, 4000, 16_000]),
  longestWait: milliseconds.default(60_000),
  stallTimeout: milliseconds.default(20_000),
  timeout: milliseconds.default(120_000),
  maxBytes: z.int().min(1).default(1 << 26),
  retryFailed: z.boolean().default(false),
});

/**
 * Downloads the pictures that a table gives the addresses of into a folder, from which
 * `captions` then reads them: `downloads.jsonl` in it says which file came from which address,
 * `failures.jsonl` what could not be had, and why.
 *
 * Files are named by a hash of their address, so that none takes another's place. What comes is kept
 * if the server says that it is a picture, or does not say what it is, and if its header is that of
 * a JPEG, PNG, WebP, GIF, TIFF or AVIF picture; a server that declines its use for training
 * (`X-Robots-Tag: noai` or `noimageai`) is heeded. Broken connections, 408, 429 and 5xx are tried
 * again, after as long as `Retry-After` asks for, during which the whole server is left alone.
 *
 * It can be stopped and killed at any time and called again: what is there is not asked for again,
 * and no file is ever there in part.
 *
 * @throws {RangeError} if an option is out of range.
 * @throws {SyntaxError} if the folder's index does not parse.
 * @throws {Deno.errors.Busy} if another process downloads into the folder.
 * @throws {StorageError} if the disk is full; what is there stays.
 *
 * @example
 * ```ts
 * import { downloadImages } from "./download_images.ts";
 *
 * const gif = Uint8Array.fromBase64("R0lGODdhAQABAIAAAP8AAAAAACwAAAAAAQABAAACAkQBADs=");
 * const { downloaded } = await downloadImages({
 *   addresses: ["https://example.org/a.gif"],
 *   folder: await Deno.makeTempDir(),
 *   fetch: () => Promise.resolve(new Response(gif, { headers: { "content-type": "image/gif" } })),
 * });
 * console.assert(downloaded === 1);
 * ```
 */
export async function downloadImages(options: DownloadImagesOptions): Promise<DownloadSummary> {
  const { addresses, folder: path, signal: given, onProgress, fetch: ownFetch, ...rest } = options;
  const settings = checkOptions("downloadImages", schema, rest);
  const { concurrency, rate, retryDelays, longestWait, retryFailed } = settings;
  // Ends the others too where one fails for a reason of its own, such as a full disk.
  const broken = new AbortController();
  const signal = AbortSignal.any([broken.signal, ...(given === undefined ? [] : [given])]);
  await using folder = await DownloadFolder.open(path);
  const wait = createTurns(rate);
  const counts = { downloaded: 0, present: 0, failed: 0 };
  const reasons = new Map<string, number>();
  const seen = new Set<string>();

  const fail = (reason: string): void => {
    counts.failed++;
    reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
  };
  const download = async (address: string): Promise<void> => {
    for (const delay of [...retryDelays, undefined]) {
      await wait(address, signal);
      try {
        const picture = await fetchPicture(address, {
          ...settings,
          signal,
          fetch: ownFetch ?? fetch,
        });
        await folder.save(address, picture);
        counts.downloaded++;
        return;
      } catch (error) {
        if (!(error instanceof FetchFailure)) throw error;
        const { message, again, retryAfter = 0 } = error;
        if (!again || delay === undefined || retryAfter > longestWait) {
          folder.fail({ url: address, reason: message, again });
          return fail(message);
        }
        if (retryAfter > 0) wait.pause(address, retryAfter);
        await sleep(Math.max(delay, retryAfter), signal);
      }
    }
  };
  const handle = async (address: string): Promise<void> => {
    const fault = folder.fault(address);
    if (await folder.has(address)) counts.present++;
    else if (fault !== undefined && !fault.again && !retryFailed) fail(fault.reason);
    else await download(address);
    onProgress?.({ ...counts });
  };

  const source = eachOf(addresses);
  const work = async (): Promise<void> => {
    try {
      while (!signal.aborted) {
        const { done, value } = await source.next();
        if (done) return;
        if (seen.has(value)) continue;
        seen.add(value);
        await handle(value);
      }
    } catch (error) {
      if (signal.aborted) return;
      broken.abort();
      throw error;
    }
  };
  const results = await Promise.allSettled(Array.from({ length: concurrency }, work));
  // Lets go of the table where not all of it was read.
  await source.return(undefined);
  const failure = results.find((result) => result.status === "rejected");
  if (failure !== undefined) throw failure.reason;
  return {
    ...counts,
    reasons: new Map([...reasons].sort(([, a], [, b]) => b - a)),
    stopped: signal.aborted,
  };
}

async function* eachOf(items: Iterable<string> | AsyncIterable<string>): AsyncGenerator<string> {
  yield* items;
}
