/**
 * A pause for whoever computes for long in one go: where the time since the last one is up, all other
 * work of the thread has its turn. A device's results are taken up only then.
 *
 * @param milliseconds How long work may go on.
 */
export function createPause(milliseconds: number): () => Promise<void> {
  let since = performance.now();
  return async () => {
    if (performance.now() - since < milliseconds) return;
    await new Promise<void>(atNextTurn);
    since = performance.now();
  };
}

/** Deno's timers take 2 ms at least, a turn of its event loop some thousandths; browsers have timers alone. */
function atNextTurn(then: () => void): void {
  if ("setImmediate" in globalThis) setImmediate(then);
  else setTimeout(then, 0);
}
