import { isSafeUrl } from "./address.ts";
import { DownloadFailure, failureOfAnswer, failureOfConnection } from "./download_failure.ts";

/** What a request may use. */
export interface RequestOptions {
  readonly fetch: typeof fetch;
  /** Sent only to `tokenOrigin`. */
  readonly token: string | undefined;
  readonly tokenOrigin: string | undefined;
}

/** A server's answer that brings the file or a part of it. */
export interface Answer {
  readonly response: Response;
  /** The SHA-256 that Hugging Face gives for large files, in lower case. */
  readonly sha256: string | undefined;
  /** The size that Hugging Face gives for large files, in bytes. */
  readonly size: number | undefined;
}

const MAX_REDIRECTS = 10;

/**
 * Asks for a file and follows redirects by hand: the token must not go along to another origin, and
 * Hugging Face puts the file's SHA-256 on the redirect, which `fetch` would swallow.
 *
 * @throws {DownloadFailure} if there is no answer, or one without the file.
 */
export async function request(
  start: URL,
  headers: Readonly<Record<string, string>>,
  signal: AbortSignal,
  options: RequestOptions,
): Promise<Answer> {
  let url = start;
  let sha256: string | undefined;
  let size: number | undefined;
  for (let redirects = 0; redirects <= MAX_REDIRECTS; redirects++) {
    const mayKnowToken = url.origin === options.tokenOrigin && isSafeUrl(url);
    const withToken = mayKnowToken && options.token !== undefined
      ? { ...headers, authorization: `Bearer ${options.token}` }
      : headers;
    const response = await options.fetch(url, { headers: withToken, redirect: "manual", signal })
      .catch((error: unknown) => {
        throw failureOfConnection(error, "no network");
      });
    sha256 ??= /^"?([0-9a-f]{64})"?$/i.exec(response.headers.get("x-linked-etag") ?? "")?.[1]
      ?.toLowerCase();
    size ??= countIn(response.headers.get("x-linked-size"));
    const location = response.headers.get("location");
    if (![301, 302, 303, 307, 308].includes(response.status) || location === null) {
      const failure = failureOfAnswer(response);
      if (failure === undefined) return { response, sha256, size };
      await response.body?.cancel();
      throw failure;
    }
    await response.body?.cancel();
    if (!URL.canParse(location, url.href)) {
      throw new DownloadFailure("final", `redirected to "${location}", which is not a URL`);
    }
    const next = new URL(location, url);
    if (!isSafeUrl(next) && next.origin !== start.origin) {
      throw new DownloadFailure("final", `redirected to ${next.origin}, which is not https:`);
    }
    url = next;
  }
  throw new DownloadFailure("final", `redirected more than ${MAX_REDIRECTS} times`);
}

/** The whole number in a header, if there is one. */
export function countIn(header: string | null): number | undefined {
  return header !== null && /^\d+$/.test(header) ? Number(header) : undefined;
}
