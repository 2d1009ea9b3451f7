/**
 * Draws from binomial distributions, exact to the 32 bits of the number that each draw takes.
 *
 * @module
 */
import type { Random } from "../../../core/random.ts";

/** Draws how many of `n` independent events of probability `p` happen. */
export type BinomialDraw = (n: number, p: number) => number;

/**
 * Draws by inversion: a number in [0, 1) goes to the outcomes in turn, from the likeliest outwards,
 * so that a draw takes about as many steps as the standard deviation is wide.
 *
 * @param largest The largest `n` that will be asked for.
 */
export function binomialDraw(random: Random, largest: number): BinomialDraw {
  const logFactorial = logFactorials(largest);
  return (n, p) => {
    if (p <= 0) return 0;
    if (p >= 1) return n;
    const odds = p / (1 - p);
    const mode = Math.min(n, Math.floor((n + 1) * p));
    const atMode = Math.exp(
      logFactorial[n]! - logFactorial[mode]! - logFactorial[n - mode]! + mode * Math.log(p) +
        (n - mode) * Math.log1p(-p),
    );
    let left = random.next() - atMode;
    if (left < 0) return mode;
    let [low, lowShare] = [mode, atMode];
    let [high, highShare] = [mode, atMode];
    while (low > 0 || high < n) {
      if (high < n) {
        highShare *= (n - high) / (high + 1) * odds;
        high++;
        left -= highShare;
        if (left < 0) return high;
      }
      if (low > 0) {
        lowShare *= low / ((n - low + 1) * odds);
        low--;
        left -= lowShare;
        if (left < 0) return low;
      }
    }
    // The shares add up to 1 but for their rounding.
    return mode;
  };
}

/** Places at which the search in a table of {@linkcode coinTosses} begins. */
const STARTS = 1024;

/**
 * Draws how many of `n` fair coins show heads, again and again: by inversion in a table, in which
 * the search begins next to its end.
 */
export function coinTosses(random: Random, n: number): () => number {
  const logFactorial = logFactorials(n);
  const below = new Float64Array(n + 1);
  let sum = 0;
  for (let k = 0; k < n; k++) {
    sum += Math.exp(logFactorial[n]! - logFactorial[k]! - logFactorial[n - k]! - n * Math.LN2);
    below[k] = sum;
  }
  // The shares add up to 1 but for their rounding.
  below[n] = 1;
  const starts = new Uint32Array(STARTS);
  for (let i = 0, k = 0; i < STARTS; i++) {
    while (below[k]! <= i / STARTS) k++;
    starts[i] = k;
  }
  return () => {
    const at = random.next();
    let k = starts[Math.floor(at * STARTS)]!;
    while (below[k]! <= at) k++;
    return k;
  };
}

function logFactorials(largest: number): Float64Array {
  const logFactorial = new Float64Array(largest + 1);
  for (let i = 2; i <= largest; i++) logFactorial[i] = logFactorial[i - 1]! + Math.log(i);
  return logFactorial;
}
