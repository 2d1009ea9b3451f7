/**
 * What follows from a failure: `again`, it may pass; `stale`, it may pass if the download begins
 * anew; `missing`, the server says that there is no such file; `denied`, that this reader may not
 * have it; `final`, none of these.
 */
export type FailureKind = "again" | "stale" | "missing" | "denied" | "final";

/** Why a download failed, in words that fit into an {@linkcode AssetError}. */
export class DownloadFailure extends Error {
  override readonly name = "DownloadFailure";
  constructor(readonly kind: FailureKind, message: string, options?: ErrorOptions) {
    super(message, options);
  }
}

/** The failure that a server's answer tells of; `undefined` if it brings the file. */
export function failureOfAnswer({ status, headers }: Response): DownloadFailure | undefined {
  if (status === 200 || status === 206) return undefined;
  const code = headers.get("x-error-code");
  // Hugging Face says apart what else would all be 401 and 404.
  if (code === "RepoNotFound") return new DownloadFailure("final", "no such repository");
  if (code === "RevisionNotFound") return new DownloadFailure("final", "no such revision");
  if (status === 401 || status === 403) {
    const why = code === "GatedRepo"
      ? "its terms have to be accepted"
      : "the file is gated or private, or does not exist";
    return new DownloadFailure("denied", `the server answered ${status}: ${why}`);
  }
  if (status === 404 || status === 410) return new DownloadFailure("missing", "no such file");
  // The partial file is longer than the file: it is none of it.
  if (status === 416) return new DownloadFailure("stale", "the server answered 416");
  const passing = status >= 500 || status === 429 || status === 408;
  return new DownloadFailure(passing ? "again" : "final", `the server answered ${status}`);
}

/** The failure of a request that got no answer, or of a body that stopped. */
export function failureOfConnection(error: unknown, what: string): DownloadFailure {
  if (error instanceof DownloadFailure) return error;
  // Deno says "fetch failed" and keeps why in the innermost cause.
  let inner = error;
  while (inner instanceof Error && inner.cause !== undefined) inner = inner.cause;
  const reason = inner instanceof Error ? inner.message : String(inner);
  const kind = inner instanceof Deno.errors.NotCapable ? "final" : "again";
  return new DownloadFailure(kind, `${what}: ${reason}`, { cause: error });
}

/** How often and after what waits something is tried again. */
export interface RetryOptions {
  /** Milliseconds to wait before each new try. */
  readonly retryDelays: readonly number[];
  /** Hears of every failure that is followed by a new try. */
  readonly onRetry: (reason: string) => void;
}

/**
 * Does work, and does it again after a failure that may pass.
 *
 * @param passing The kinds of failures that may.
 * @throws what the work throws otherwise, and its last failure.
 */
export async function tryAgain<T>(
  { retryDelays, onRetry }: RetryOptions,
  passing: readonly FailureKind[],
  work: () => Promise<T>,
): Promise<T> {
  for (const delay of retryDelays) {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof DownloadFailure && passing.includes(error.kind))) throw error;
      onRetry(error.message);
      await new Promise((resolve) => setTimeout(resolve, delay));
    }
  }
  return await work();
}
