/** Something that others may use too; disposing of it says that this user is done. */
export interface Lease<T> extends AsyncDisposable {
  /** What was opened. */
  readonly value: T;
}

/**
 * One thing for all who need it at the same time: opened for the first of them, closed after the
 * last. What could not be opened is tried again for whoever asks next.
 *
 * @param open Opens it.
 * @param close Closes it.
 * @returns a function that leases it.
 */
export function shared<T>(
  open: () => Promise<T>,
  close: (value: T) => void | Promise<void>,
): () => Promise<Lease<T>> {
  let users = 0;
  let opened: Promise<T> | undefined;
  let closing: Promise<void> = Promise.resolve();
  const leave = async () => {
    users--;
    if (users > 0 || opened === undefined) return;
    const last = opened;
    opened = undefined;
    closing = last.then(close);
    await closing;
  };
  return async () => {
    users++;
    const mine = opened ??= closing.catch(() => {}).then(open);
    let value: T;
    try {
      value = await mine;
    } catch (error) {
      users--;
      if (opened === mine) opened = undefined;
      throw error;
    }
    let left = false;
    return {
      value,
      [Symbol.asyncDispose]: async () => {
        if (left) return;
        left = true;
        await leave();
      },
    };
  };
}
