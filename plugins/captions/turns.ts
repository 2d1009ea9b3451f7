/** Waits until a request may begin. */
export interface Turns {
  (address: string, signal: AbortSignal): Promise<void>;
  /** Lets no request to the address's server begin for some milliseconds. */
  pause(address: string, milliseconds: number): void;
}

/**
 * Lets requests begin.
 *
 * @param rate How many in a second at most; `null` for as many as come.
 */
export function createTurns(rate: number | null): Turns {
  let next = 0;
  const pausedUntil = new Map<string, number>();
  const wait = async (address: string, signal: AbortSignal): Promise<void> => {
    if (URL.canParse(address)) {
      const { host } = new URL(address);
      // More than once, for the pause may be made longer meanwhile.
      for (let left: number; (left = (pausedUntil.get(host) ?? 0) - performance.now()) > 0;) {
        await sleep(left, signal);
      }
    }
    if (rate === null) return;
    const turn = Math.max(next, performance.now());
    next = turn + 1000 / rate;
    await sleep(turn - performance.now(), signal);
  };
  return Object.assign(wait, {
    pause: (address: string, milliseconds: number) => {
      const { host } = new URL(address);
      const until = performance.now() + milliseconds;
      pausedUntil.set(host, Math.max(until, pausedUntil.get(host) ?? 0));
    },
  });
}

/**
 * Waits.
 *
 * @throws the signal's reason when it is aborted.
 */
export async function sleep(milliseconds: number, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  if (milliseconds <= 0) return;
  await new Promise<void>((resolve, reject) => {
    const onAbort = () => {
      clearTimeout(timer);
      reject(signal.reason);
    };
    const timer = setTimeout(() => {
      signal.removeEventListener("abort", onAbort);
      resolve();
    }, milliseconds);
    signal.addEventListener("abort", onAbort, { once: true });
  });
}
