import { concatenate } from "../../core/concatenate.ts";
import { loadSharp } from "../../core/host/images/load_sharp.ts";

/** A picture that a server has sent. */
export interface FetchedPicture {
  readonly bytes: Uint8Array;
  /** The ending that its format asks for, with the dot. */
  readonly ending: string;
  readonly width: number;
  readonly height: number;
}

/** How to ask for a picture. */
export interface FetchPictureOptions {
  readonly fetch: typeof fetch;
  /** Milliseconds without a byte after which a connection counts as broken. */
  readonly stallTimeout: number;
  /** Milliseconds for the whole answer: a server that sends a byte now and then must end as well. */
  readonly timeout: number;
  /** The most bytes that a picture may have. */
  readonly maxBytes: number;
  readonly signal: AbortSignal;
}

/** Why a picture could not be had. */
export class FetchFailure extends Error {
  override readonly name = "FetchFailure";
  /**
   * @param again Whether it may pass.
   * @param retryAfter Milliseconds after which the server wants to be asked again.
   */
  constructor(message: string, readonly again: boolean, readonly retryAfter?: number) {
    super(message);
  }
}

/** The formats that `decodePicture` decodes, by sharp's name. */
const ENDINGS: Readonly<Record<string, string>> = {
  jpeg: ".jpg",
  png: ".png",
  webp: ".webp",
  gif: ".gif",
  tiff: ".tif",
  heif: ".avif",
};

/** Directives by which a server declines that a picture is trained on. */
const DECLINED = /\b(noai|noimageai)\b/i;

/**
 * Asks a server once for a picture, and looks whether it is one: by the type that the server states
 * and by the header of the bytes.
 *
 * @throws {FetchFailure} with a reason that does not name the address, so that reasons can be
 *   counted.
 */
export async function fetchPicture(
  address: string,
  options: FetchPictureOptions,
): Promise<FetchedPicture> {
  if (!URL.canParse(address) || !/^https?:$/.test(new URL(address).protocol)) {
    throw new FetchFailure("expected an http: or https: address", false);
  }
  const watch = new AbortController();
  const breakOff = (milliseconds: number, reason: string) =>
    setTimeout(() => watch.abort(new FetchFailure(reason, true)), milliseconds);
  const stalled = `the server sent nothing for ${options.stallTimeout / 1000} s`;
  let stall = breakOff(options.stallTimeout, stalled);
  const whole = breakOff(options.timeout, `the answer took more than ${options.timeout / 1000} s`);
  try {
    const signal = AbortSignal.any([watch.signal, options.signal]);
    const response = await options.fetch(address, {
      signal,
      headers: { accept: "image/avif,image/webp,image/png,image/jpeg,image/*;q=0.8,*/*;q=0.1" },
    });
    const failure = failureOf(response);
    if (failure !== undefined) {
      await response.body?.cancel();
      throw failure;
    }
    const bytes = await readBody(response, options.maxBytes, () => {
      clearTimeout(stall);
      stall = breakOff(options.stallTimeout, stalled);
    });
    return await readHeader(bytes);
  } catch (error) {
    if (options.signal.aborted || error instanceof FetchFailure) throw error;
    throw new FetchFailure(`no answer, or a broken one: ${innermost(error)}`, true);
  } finally {
    clearTimeout(stall);
    clearTimeout(whole);
  }
}

function failureOf({ status, headers }: Response): FetchFailure | undefined {
  if (status !== 200) {
    const again = status >= 500 || status === 429 || status === 408;
    const retryAfter = readRetryAfter(headers.get("retry-after"));
    return new FetchFailure(`the server answered ${status}`, again, retryAfter);
  }
  if (DECLINED.test(headers.get("x-robots-tag") ?? "")) {
    return new FetchFailure("the server declines its use for training (X-Robots-Tag)", false);
  }
  const type = (headers.get("content-type") ?? "").replace(/;.*/s, "").trim().toLowerCase();
  // Many servers state no type, or one that means "bytes"; then the bytes decide.
  if (type === "" || type.startsWith("image/") || type.endsWith("/octet-stream")) return undefined;
  return new FetchFailure(`expected a picture, found ${type}`, false);
}

/** Seconds, or a date. */
function readRetryAfter(header: string | null): number | undefined {
  if (header === null) return undefined;
  const seconds = /^\d+$/.test(header.trim()) ? Number(header) : undefined;
  const milliseconds = seconds === undefined ? Date.parse(header) - Date.now() : 1000 * seconds;
  return Number.isNaN(milliseconds) ? undefined : Math.max(0, milliseconds);
}

async function readBody(
  { body }: Response,
  maxBytes: number,
  onBytes: () => void,
): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  let length = 0;
  for await (const piece of body ?? []) {
    onBytes();
    length += piece.length;
    if (length > maxBytes) {
      throw new FetchFailure(`expected at most ${maxBytes} bytes, found more`, false);
    }
    pieces.push(piece);
  }
  return concatenate(Uint8Array, pieces);
}

async function readHeader(bytes: Uint8Array): Promise<FetchedPicture> {
  const sharp = await loadSharp();
  const metadata = await sharp(bytes).metadata().catch(() => undefined);
  const ending = ENDINGS[metadata?.format ?? ""];
  if (metadata === undefined || ending === undefined) {
    const found = metadata?.format ?? `${bytes.length} bytes that begin no picture`;
    throw new FetchFailure(
      `expected a JPEG, PNG, WebP, GIF, TIFF or AVIF picture, found ${found}`,
      false,
    );
  }
  return { bytes, ending, width: metadata.width, height: metadata.height };
}

/** Deno says "fetch failed" and keeps why in the innermost cause. */
function innermost(error: unknown): string {
  let inner = error;
  while (inner instanceof Error && inner.cause !== undefined) inner = inner.cause;
  return inner instanceof Error ? inner.message : String(inner);
}
