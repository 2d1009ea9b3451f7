import { DownloadFailure, type FailureKind } from "./download_failure.ts";

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
