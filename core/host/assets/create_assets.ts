import { basename, dirname, join, resolve } from "node:path";
import {
  type HubAddress,
  hubUrl,
  parseAddress,
  repositoryPage,
  type WebAddress,
} from "./address.ts";
import { type AssetAttempt, AssetError } from "./asset_error.ts";
import type { Assets, RemoteFile } from "../../assets.ts";
import { cachePath, hubSnapshot, isFile, isFilled, isFolder, sha256OfFile } from "./cache.ts";
import { download, type DownloadOptions } from "./download.ts";
import { DownloadFailure, type FailureKind } from "./download_failure.ts";
import { sha256OfText } from "../sha256_of_text.ts";
import { openLocalFile, openRemoteFile } from "./remote_file.ts";

/** Where files are kept and looked for. */
export interface AssetsOptions {
  /** The cache folder; made when it is first needed. */
  readonly cache: string;
  /** Where `hf:` addresses are served. Default: `https://huggingface.co`. */
  readonly endpoint?: string | undefined;
  /** A Hugging Face token; sent to the endpoint and to nobody else. */
  readonly token?: string | undefined;
  /** The cache folder of Hugging Face's own tools, which is read and never written. */
  readonly hubCache?: string | undefined;
  /** Asks no server. Default: `false`. */
  readonly offline?: boolean | undefined;
  /** Stands in for the global `fetch`. */
  readonly fetch?: typeof fetch | undefined;
  /** Milliseconds to wait before each new try. Default: `[1000, 3000, 9000]`. */
  readonly retryDelays?: readonly number[] | undefined;
  /** Milliseconds without a byte after which a connection counts as broken. Default: 60,000. */
  readonly stallTimeout?: number | undefined;
  /** Files that are larger, in bytes, are not downloaded: a `LargeFileError` tells of them. */
  readonly largest?: number | undefined;
  /** Hears what is downloaded and what is tried again, one line at a time. */
  readonly log?: ((line: string) => void) | undefined;
  /**
   * Hears of every piece that arrives: of the file's name, of the bytes that are there, those of an
   * earlier try included, and of the bytes of the whole file where the server says how many.
   */
  readonly onProgress?:
    | ((progress: {
      readonly file: string;
      readonly bytes: number;
      readonly total: number | undefined;
    }) => void)
    | undefined;
}

/**
 * Files by address. What is in the cache is taken as it is, without asking a server whether it has
 * changed; a `sha256` that the caller gives is checked even so.
 *
 * Two processes may fetch one file: the second waits for the first. In offline mode
 * {@linkcode Assets.optionalFile} takes a file for absent if the cache holds its repository and
 * revision (or its folder of a web server) without it, since then somebody has filled the folder.
 *
 * @throws {RangeError} if the endpoint is not an `https:` or `http:` URL.
 *
 * @example
 * ```ts
 * import { createAssets } from "./create_assets.ts";
 *
 * const cache = await Deno.makeTempDir();
 * await Deno.mkdir(`${cache}/hf/owner/repo/main`, { recursive: true });
 * await Deno.writeTextFile(`${cache}/hf/owner/repo/main/config.json`, "{}");
 * const assets = createAssets({ cache, offline: true });
 * const path = await assets.file("hf:owner/repo/config.json");
 * console.assert(await Deno.readTextFile(path) === "{}");
 * ```
 */
export function createAssets(options: AssetsOptions): Assets {
  const endpoint = options.endpoint ?? HUB;
  if (!URL.canParse(endpoint) || !/^https?:$/.test(new URL(endpoint).protocol)) {
    throw new RangeError(`endpoint (HF_ENDPOINT): expected an https: URL, found "${endpoint}"`);
  }
  const find = async (address: string, sha256: string | undefined): Promise<Found> => {
    checkSha256(sha256);
    const parsed = parseAddress(address);
    return parsed.kind === "local"
      ? await findLocal(parsed.path, sha256)
      : await findRemote(parsed, sha256?.toLowerCase(), endpoint, options);
  };
  return {
    cache: options.cache,
    file: async (address, { sha256 } = {}) => {
      const found = await find(address, sha256);
      if (typeof found === "string") return found;
      throw found.error;
    },
    optionalFile: async (address, { sha256 } = {}) => {
      const found = await find(address, sha256);
      if (typeof found === "string") return found;
      if (found.absent) return undefined;
      throw found.error;
    },
    remote: (address) => openRemote(address, endpoint, options),
  };
}

/** Where terms are accepted, and `hf:` addresses served unless there is a mirror. */
const HUB = "https://huggingface.co";

/** A path; or why there is none, and whether that is because there is no such file. */
type Found = string | { readonly error: AssetError; readonly absent: boolean };

async function findLocal(path: string, sha256: string | undefined): Promise<Found> {
  const absolute = resolve(path);
  const fault = await faultOf(absolute, sha256);
  if (fault === undefined) return absolute;
  const error = new AssetError(basename(path), [{ address: path, reason: fault }], absolute);
  return { error, absent: fault === NO_SUCH_FILE };
}

async function findRemote(
  address: HubAddress | WebAddress,
  sha256: string | undefined,
  endpoint: string,
  options: AssetsOptions,
): Promise<Found> {
  const place = resolve(cachePath(options.cache, address));
  const url = address.kind === "hub" ? hubUrl(endpoint, address) : address.url;
  const attempts: AssetAttempt[] = [];
  const give = (reason: string, absent: boolean, advice?: string): Found => {
    attempts.push({ address: url.href, reason });
    return { error: new AssetError(basename(place), attempts, place, advice), absent };
  };

  const fault = await faultOf(place, sha256);
  if (fault === undefined) return place;
  if (fault !== NO_SUCH_FILE) {
    attempts.push({ address: place, reason: fault });
    return { error: new AssetError(basename(place), attempts, place), absent: false };
  }
  const folders = [revisionFolder(options.cache, address, place)];
  if (address.kind === "hub" && options.hubCache !== undefined) {
    const snapshot = await hubSnapshot(options.hubCache, address);
    if (snapshot !== undefined) {
      folders.push(snapshot);
      const path = join(snapshot, address.path);
      const fault = await faultOf(path, sha256);
      if (fault === undefined) return path;
      if (fault !== NO_SUCH_FILE) attempts.push({ address: path, reason: fault });
    }
  }
  if (options.offline) {
    const filled = (await Promise.all(folders.map(isFilled))).includes(true);
    return give("not asked: offline mode is on", filled, "switch offline mode off");
  }
  try {
    await fetchLocked(url, place, sha256, endpoint, options);
    return place;
  } catch (error) {
    if (!isReason(error)) throw error;
    const kind = error instanceof DownloadFailure ? error.kind : undefined;
    return give(error.message, kind === "missing", adviceOn(address, kind, endpoint));
  }
}

/** A file on a server, of which parts are read; one that is in the cache is read there. */
async function openRemote(
  address: string,
  endpoint: string,
  options: AssetsOptions,
): Promise<RemoteFile> {
  const parsed = parseAddress(address);
  if (parsed.kind === "local") {
    throw new RangeError(`${address}: expected an address on a server, found a path`);
  }
  const place = resolve(cachePath(options.cache, parsed));
  if (await isFile(place)) return await openLocalFile(place);
  const url = parsed.kind === "hub" ? hubUrl(endpoint, parsed) : parsed.url;
  const file = basename(place);
  const name = async <T>(work: Promise<T>): Promise<T> => {
    try {
      return await work;
    } catch (error) {
      if (!isReason(error)) throw error;
      const kind = error instanceof DownloadFailure ? error.kind : undefined;
      const attempts = [{ address: url.href, reason: error.message }];
      throw new AssetError(file, attempts, place, adviceOn(parsed, kind, endpoint));
    }
  };
  if (options.offline) {
    const failure = new DownloadFailure("final", "not asked: offline mode is on");
    return await name(Promise.reject(failure));
  }
  const opened = await name(
    openRemoteFile(url, downloadOptions(file, undefined, endpoint, options)),
  );
  return {
    ...opened,
    read: (start, size) => name(opened.read(start, size)),
    copyTo: (path) => name(opened.copyTo(path)),
  };
}

function downloadOptions(
  file: string,
  sha256: string | undefined,
  endpoint: string,
  options: AssetsOptions,
): DownloadOptions {
  return {
    fetch: options.fetch ?? fetch,
    token: options.token,
    tokenOrigin: new URL(endpoint).origin,
    sha256,
    largest: options.largest ?? Infinity,
    retryDelays: options.retryDelays ?? [1000, 3000, 9000],
    stallTimeout: options.stallTimeout ?? 60_000,
    onRetry: (reason) => options.log?.(`${file}: ${reason}; trying again`),
    onBytes: (bytes, total) => options.onProgress?.({ file, bytes, total }),
  };
}

/** What helps against a failure, beside putting the file there. */
function adviceOn(
  address: HubAddress | WebAddress,
  kind: FailureKind | undefined,
  endpoint: string,
): string | undefined {
  const token = "set HF_TOKEN to a token that may read it";
  if (address.kind === "web") {
    // A token is sent to nobody else.
    const knowsToken = address.url.origin === new URL(endpoint).origin;
    return kind === "denied" && knowsToken ? token : undefined;
  }
  // A mirror accepts no terms, so the page is the hub's own.
  return kind === "denied"
    ? `accept its terms at ${repositoryPage(HUB, address)} and ${token}`
    : "set HF_ENDPOINT to a mirror";
}

/** Downloads `url` to `place` unless another process, for which this one waited, has done so. */
async function fetchLocked(
  url: URL,
  place: string,
  sha256: string | undefined,
  endpoint: string,
  options: AssetsOptions,
): Promise<void> {
  const locks = join(options.cache, ".locks");
  await Deno.mkdir(locks, { recursive: true });
  // The system frees the lock when its holder ends, however it ends. The file stays: were it
  // removed, two processes could hold locks on two files of that name.
  using lock = await Deno.open(join(locks, `${sha256OfText(place)}.lock`), {
    write: true,
    create: true,
  });
  await lock.lock(true);
  if (await faultOf(place, sha256) === undefined) return;
  const file = basename(place);
  if (options.largest === undefined) options.log?.(`Downloading ${file} from ${url.href}`);
  await download(url, place, downloadOptions(file, sha256, endpoint, options));
}

/** Whether an error tells why the file cannot be had, rather than of a fault in a callback. */
function isReason(error: unknown): error is Error {
  return error instanceof DownloadFailure || error instanceof Deno.errors.NotCapable ||
    error instanceof Error && "code" in error;
}

const NO_SUCH_FILE = "no such file";

/** Why the file at `path` will not do; `undefined` if it will. */
async function faultOf(path: string, sha256: string | undefined): Promise<string | undefined> {
  if (await isFolder(path)) return "it is a folder";
  if (!await isFile(path)) return NO_SUCH_FILE;
  if (sha256 === undefined) return undefined;
  const found = await sha256OfFile(path);
  const expected = sha256.toLowerCase();
  return found === expected ? undefined : `expected SHA-256 ${expected}, found ${found}`;
}

function revisionFolder(cache: string, address: HubAddress | WebAddress, place: string): string {
  if (address.kind === "web") return dirname(place);
  return dirname(cachePath(cache, { ...address, path: "any" }));
}

function checkSha256(sha256: string | undefined): void {
  if (sha256 !== undefined && !/^[0-9a-f]{64}$/i.test(sha256)) {
    throw new RangeError(`sha256: expected 64 hexadecimal digits, found "${sha256}"`);
  }
}
