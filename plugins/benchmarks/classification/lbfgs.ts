/** When {@linkcode minimize} stops. */
export interface MinimizeOptions {
  /** After so many steps. */
  readonly maxIterations: number;
  /** When no value of the gradient is further from 0. */
  readonly tolerance: number;
}

/** What {@linkcode minimize} came to. */
export interface Minimum {
  /** The place. */
  readonly x: Float64Array;
  /** The value there. */
  readonly value: number;
  /** Whether the gradient became small enough before the steps were used up. */
  readonly converged: boolean;
}

/** How many steps the curvature is estimated from. */
const MEMORY = 10;
/** A step is taken if it gains this share of what the slope promises. */
const ENOUGH = 1e-4;

/**
 * Minimises a smooth function by L-BFGS (Nocedal, 1980) with a backtracking line search. The same
 * function and start always give the same minimum.
 *
 * @param evaluate Gives the value at `x` and writes the gradient there.
 * @param start Is not changed.
 */
export function minimize(
  evaluate: (x: Float64Array, gradient: Float64Array) => number,
  start: Float64Array,
  { maxIterations, tolerance }: MinimizeOptions,
): Minimum {
  let x = start.slice();
  let gradient = new Float64Array(x.length);
  let value = evaluate(x, gradient);
  const memory: { readonly s: Float64Array; readonly y: Float64Array; readonly rho: number }[] = [];
  for (let iteration = 0; iteration < maxIterations; iteration++) {
    if (gradient.every((each) => Math.abs(each) <= tolerance)) {
      return { x, value, converged: true };
    }
    const direction = descent(gradient, memory);
    const slope = dot(direction, gradient);
    // Without curvature to go by, the first step has unit length at most.
    let step = memory.length === 0 ? Math.min(1, 1 / Math.sqrt(dot(gradient, gradient))) : 1;
    const next = new Float64Array(x.length);
    const nextGradient = new Float64Array(x.length);
    let nextValue: number;
    while (true) {
      for (let i = 0; i < x.length; i++) next[i] = x[i]! + step * direction[i]!;
      nextValue = evaluate(next, nextGradient);
      if (nextValue <= value + ENOUGH * step * slope) break;
      step /= 2;
      // No step goes lower: the value is as small as its rounding lets it be told.
      if (step < 1e-20) return { x, value, converged: false };
    }
    const s = next.map((each, i) => each - x[i]!);
    const y = nextGradient.map((each, i) => each - gradient[i]!);
    const curvature = dot(s, y);
    if (curvature > 1e-10 * dot(y, y)) memory.push({ s, y, rho: 1 / curvature });
    if (memory.length > MEMORY) memory.shift();
    [x, gradient, value] = [next, nextGradient, nextValue];
  }
  return { x, value, converged: gradient.every((each) => Math.abs(each) <= tolerance) };
}

/** The two-loop recursion: minus the gradient times the estimated inverse of the curvature. */
function descent(
  gradient: Float64Array,
  memory: readonly { readonly s: Float64Array; readonly y: Float64Array; readonly rho: number }[],
): Float64Array {
  const result = gradient.map((each) => -each);
  const shares: number[] = [];
  for (const { s, y, rho } of memory.toReversed()) {
    const share = rho * dot(s, result);
    shares.push(share);
    for (let i = 0; i < result.length; i++) result[i]! -= share * y[i]!;
  }
  const last = memory.at(-1);
  if (last !== undefined) {
    const scale = 1 / (last.rho * dot(last.y, last.y));
    for (let i = 0; i < result.length; i++) result[i]! *= scale;
  }
  for (const { s, y, rho } of memory) {
    const change = shares.pop()! - rho * dot(y, result);
    for (let i = 0; i < result.length; i++) result[i]! += change * s[i]!;
  }
  return result;
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}
