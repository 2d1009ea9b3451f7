/**
 * Elementwise arithmetic with NumPy broadcasting. A plain number stands for a scalar of the other
 * operand's type.
 *
 * @module
 */
import { broadcastShapes } from "./broadcast.ts";
import { cast } from "./cast.ts";
import { equal, greater, greaterOrEqual, less, where } from "./comparison.ts";
import { sumTo } from "./linear.ts";
import { applySingle, scalar } from "./node.ts";
import { floating, isFloating, type Operand, operands } from "./operand.ts";
import type { GradientRule, Tensor } from "./tensor.ts";

/** `a + b`. */
export function add(a: Operand, b: Operand): Tensor {
  return binary("Add", a, b, (x, y) => ([g]) => [sumTo(g!, x.shape), sumTo(g!, y.shape)]);
}

/** `a − b`. */
export function sub(a: Operand, b: Operand): Tensor {
  return binary("Sub", a, b, (x, y) => ([g]) => [sumTo(g!, x.shape), sumTo(neg(g!), y.shape)]);
}

/** `a · b`. */
export function mul(a: Operand, b: Operand): Tensor {
  return binary("Mul", a, b, (x, y) => ([g]) => [
    sumTo(mul(g!, y), x.shape),
    sumTo(mul(g!, x), y.shape),
  ]);
}

/** `a / b`. */
export function div(a: Operand, b: Operand): Tensor {
  return binary("Div", a, b, (x, y) => ([g], node) => [
    sumTo(div(g!, y), x.shape),
    sumTo(neg(div(mul(g!, node.outputs[0]!), y)), y.shape),
  ]);
}

/** `a` to the power `b`; a gradient reaches `b` only where `a` is positive. */
export function pow(a: Operand, b: Operand): Tensor {
  return binary("Pow", a, b, (x, y) => ([g], node) => [
    // Where y is 0, the power below would be infinite at x = 0, and 0 times that no number.
    sumTo(mul(g!, mul(y, pow(x, where(equal(y, 0), 1, sub(y, 1))))), x.shape),
    sumTo(mul(mul(g!, node.outputs[0]!), log(where(greater(x, 0), x, 1))), y.shape),
  ]);
}

/** The larger of each pair; a tie's gradient goes to both in equal parts. */
export function maximum(a: Operand, b: Operand): Tensor {
  return binary("Max", a, b, (x, y) => ([g]) => shareByComparison(g!, x, y, greater(x, y)));
}

/** The smaller of each pair; a tie's gradient goes to both in equal parts. */
export function minimum(a: Operand, b: Operand): Tensor {
  return binary("Min", a, b, (x, y) => ([g]) => shareByComparison(g!, x, y, less(x, y)));
}

/** `−x`. */
export function neg(x: Tensor): Tensor {
  return unary("Neg", x, (g) => neg(g));
}

/** `eˣ`. */
export function exp(x: Tensor): Tensor {
  return unary("Exp", x, (g, _, y) => mul(g, y));
}

/** The natural logarithm. */
export function log(x: Tensor): Tensor {
  return unary("Log", x, (g) => div(g, x));
}

/** The square root. */
export function sqrt(x: Tensor): Tensor {
  return unary("Sqrt", x, (g, _, y) => div(mul(g, 0.5), y));
}

/** `1 / x`. */
export function reciprocal(x: Tensor): Tensor {
  return unary("Reciprocal", x, (g, _, y) => neg(mul(g, mul(y, y))));
}

/** `|x|`, with gradient 0 at 0. */
export function abs(x: Tensor): Tensor {
  return unary("Abs", x, (g) => mul(g, sign(x)));
}

/** −1, 0 or 1; no gradient. */
export function sign(x: Tensor): Tensor {
  return applySingle("Sign", [floating("Sign", x)], { dtype: x.dtype, shape: x.shape });
}

/** `1 / (1 + e⁻ˣ)`. */
export function sigmoid(x: Tensor): Tensor {
  return unary("Sigmoid", x, (g, _, y) => mul(g, mul(y, sub(1, y))));
}

/** The hyperbolic tangent. */
export function tanh(x: Tensor): Tensor {
  return unary("Tanh", x, (g, _, y) => mul(g, sub(1, mul(y, y))));
}

/** The error function `2/√π ∫₀ˣ e^(−t²) dt`. */
export function erf(x: Tensor): Tensor {
  return unary("Erf", x, (g) => mul(g, mul(exp(neg(mul(x, x))), 2 / Math.sqrt(Math.PI))));
}

/** `max(x, 0)`, with gradient 0 at 0; a NaN stays one. */
export function relu(x: Tensor): Tensor {
  // Not ONNX's Relu, which makes 0 of a NaN on WebGPU; Max keeps it on every device.
  return applySingle("Max", [floating("Relu", x), scalar(0, x.dtype)], {
    dtype: x.dtype,
    shape: x.shape,
    gradient: ([g]) => [mul(g!, cast(greater(x, 0), x.dtype)), undefined],
  });
}

/**
 * Values below `low` become `low`, those above `high` become `high`, a NaN stays one; gradient 1
 * inside the bounds (which belong to the inside, as in PyTorch) and 0 outside.
 *
 * @throws {RangeError} if `low` is above `high`.
 */
export function clip(x: Tensor, low: number, high: number): Tensor {
  if (!(low <= high)) throw new RangeError(`clip: expected low ≤ high, found ${low} and ${high}`);
  // As relu: ONNX's Clip makes a bound of a NaN on WebGPU.
  const raised = applySingle("Max", [floating("Clip", x), scalar(low, x.dtype)], {
    dtype: x.dtype,
    shape: x.shape,
    gradient: ([g]) => [mul(g!, cast(greaterOrEqual(x, low), x.dtype)), undefined],
  });
  return applySingle("Min", [raised, scalar(high, x.dtype)], {
    dtype: x.dtype,
    shape: x.shape,
    gradient: ([g]) => [mul(g!, cast(greaterOrEqual(high, x), x.dtype)), undefined],
  });
}

/** `x²`. */
export function square(x: Tensor): Tensor {
  return mul(x, x);
}

/** The value without its history: no gradient flows through. */
export function stopGradient(x: Tensor): Tensor {
  return applySingle("Identity", [x], { dtype: x.dtype, shape: x.shape });
}

function binary(
  op: string,
  a: Operand,
  b: Operand,
  rule: (x: Tensor, y: Tensor) => GradientRule,
): Tensor {
  const [x, y] = operands(op, a, b);
  const shape = broadcastShapes(op, x.shape, y.shape);
  return applySingle(op, [x, y], {
    dtype: x.dtype,
    shape,
    ...(isFloating(x.dtype) ? { gradient: rule(x, y) } : {}),
  });
}

/** An operator of one floating-point operand, with the rule from its gradient, operand and result. */
export function unary(
  op: string,
  x: Tensor,
  rule: (g: Tensor, x: Tensor, y: Tensor) => Tensor,
): Tensor {
  return applySingle(op, [floating(op, x)], {
    dtype: x.dtype,
    shape: x.shape,
    gradient: ([g], node) => [rule(g!, x, node.outputs[0]!)],
  });
}

function shareByComparison(g: Tensor, x: Tensor, y: Tensor, first: Tensor): [Tensor, Tensor] {
  const share = add(cast(first, g.dtype), mul(cast(equal(x, y), g.dtype), 0.5));
  return [sumTo(mul(g, share), x.shape), sumTo(mul(g, sub(1, share)), y.shape)];
}
