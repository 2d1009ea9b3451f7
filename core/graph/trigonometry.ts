/**
 * Trigonometric and hyperbolic functions.
 *
 * @module
 */
import { add, div, mul, neg, sqrt, square, sub, unary } from "./elementwise.ts";
import type { Tensor } from "./tensor.ts";

/** The sine of an angle in radians. */
export function sin(x: Tensor): Tensor {
  return unary("Sin", x, (g) => mul(g, cos(x)));
}

/** The cosine of an angle in radians. */
export function cos(x: Tensor): Tensor {
  return unary("Cos", x, (g) => neg(mul(g, sin(x))));
}

/** The tangent of an angle in radians. */
export function tan(x: Tensor): Tensor {
  return unary("Tan", x, (g, _, y) => mul(g, add(square(y), 1)));
}

/** The angle from −π/2 to π/2 whose sine is `x`. */
export function asin(x: Tensor): Tensor {
  return unary("Asin", x, (g) => div(g, sqrt(sub(1, square(x)))));
}

/** The angle from 0 to π whose cosine is `x`. */
export function acos(x: Tensor): Tensor {
  return unary("Acos", x, (g) => neg(div(g, sqrt(sub(1, square(x))))));
}

/** The angle from −π/2 to π/2 whose tangent is `x`. */
export function atan(x: Tensor): Tensor {
  return unary("Atan", x, (g) => div(g, add(square(x), 1)));
}

/** The hyperbolic sine. */
export function sinh(x: Tensor): Tensor {
  return unary("Sinh", x, (g) => mul(g, cosh(x)));
}

/** The hyperbolic cosine. */
export function cosh(x: Tensor): Tensor {
  return unary("Cosh", x, (g) => mul(g, sinh(x)));
}

/** The inverse of {@linkcode sinh}. */
export function asinh(x: Tensor): Tensor {
  return unary("Asinh", x, (g) => div(g, sqrt(add(square(x), 1))));
}

/** The inverse of {@linkcode cosh}, for `x` of at least 1. */
export function acosh(x: Tensor): Tensor {
  return unary("Acosh", x, (g) => div(g, sqrt(sub(square(x), 1))));
}

/** The inverse of `tanh`, for `x` between −1 and 1. */
export function atanh(x: Tensor): Tensor {
  return unary("Atanh", x, (g) => div(g, sub(1, square(x))));
}
