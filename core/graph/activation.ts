/**
 * The activations of CLIP models.
 *
 * @module
 */
import { add, erf, mul, sigmoid } from "./elementwise.ts";
import type { Tensor } from "./tensor.ts";

/** OpenAI's CLIP: `x · sigmoid(1.702 x)`. */
export function quickGelu(x: Tensor): Tensor {
  return mul(x, sigmoid(mul(x, 1.702)));
}

/** Exact GELU: `x/2 · (1 + erf(x/√2))`. */
export function gelu(x: Tensor): Tensor {
  return mul(mul(x, 0.5), add(erf(mul(x, Math.SQRT1_2)), 1));
}
