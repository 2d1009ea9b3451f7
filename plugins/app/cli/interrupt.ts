/**
 * Runs `work` with a signal that Ctrl-C aborts. A second Ctrl-C ends the process at once, with the
 * exit code that shells give to an interrupted program.
 *
 * @param onFirst Called at the first Ctrl-C.
 */
export async function interruptible<T>(
  work: (signal: AbortSignal) => Promise<T>,
  onFirst: () => void,
): Promise<T> {
  const controller = new AbortController();
  const onInterrupt = () => {
    if (controller.signal.aborted) Deno.exit(interruptedCode);
    controller.abort();
    onFirst();
  };
  Deno.addSignalListener("SIGINT", onInterrupt);
  try {
    return await work(controller.signal);
  } finally {
    Deno.removeSignalListener("SIGINT", onInterrupt);
  }
}

/** 128 and the number of SIGINT. */
export const interruptedCode = 130;
