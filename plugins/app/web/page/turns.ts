/** Work on a device that takes turns: whoever has one goes on when those before are done. */
export interface Turns {
  /** Waits for a turn; what it returns ends it, once. */
  take(): Promise<() => void>;
  /** Does `work` in a turn of its own. */
  run<T>(work: () => Promise<T>): Promise<T>;
}

/** Turns that nobody has yet. */
export function createTurns(): Turns {
  let last: Promise<void> = Promise.resolve();
  const take = async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    const before = last;
    last = promise;
    await before;
    return resolve;
  };
  return {
    take,
    run: async (work) => {
      const done = await take();
      try {
        return await work();
      } finally {
        done();
      }
    },
  };
}
