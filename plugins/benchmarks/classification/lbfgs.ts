import { findNotFinite } from "../../../core/finite.ts";

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
 * @throws {RangeError} if value or gradient are not finite at the start. Where they are not further
 *   on, no step is taken.
 */
export function minimize(
  evaluate: (x: Float64Array, gradient: Float64Array) => number,
  start: Float64Array,
  { maxIterations, tolerance }: MinimizeOptions,
): Minimum {
  let x = start.slice();
  let gradient = new Float64Array(x.length);
  let value = evaluate(x, gradient);
  if (!Number.isFinite(value) || findNotFinite(gradient) !== -1) {
    throw new RangeError(
      `minimize: expected a finite value and gradient at the start, found ${value} and a gradient ` +
        `of length ${Math.sqrt(dot(gradient, gradient))}`,
    );
  }
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
      const isLower = nextValue <= value + ENOUGH * step * slope;
      if (isLower && findNotFinite(nextGradient) === -1) break;
      step /= 2;
      // No step goes lower: the value is as small as its rounding lets it be told.
      if (!(step >= 1e-20)) return { x, value, converged: false };
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
