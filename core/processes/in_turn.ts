import type { Exchange } from "./exchange.ts";

/**
 * An exchange that does one call after another, in the order that they were asked for: a call of
 * several messages is done before the next one begins, in all processes alike.
 */
export function inTurn(exchange: Exchange): Exchange {
  let last: Promise<unknown> = Promise.resolve();
  const queue = <T>(call: () => Promise<T>): Promise<T> => {
    const result = last.then(call);
    last = result.catch(() => {});
    return result;
  };
  return {
    ...exchange,
    gather: (rows) => queue(() => exchange.gather(rows)),
    gatherNames: (names) => queue(() => exchange.gatherNames(names)),
    sum: (tensors) => queue(() => exchange.sum(tensors)),
    share: (tensors) => queue(() => exchange.share(tensors)),
  };
}
