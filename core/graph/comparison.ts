/**
 * Comparisons and choice by a condition.
 *
 * @module
 */
import { broadcastShapes } from "./broadcast.ts";
import { sumTo } from "./linear.ts";
import { applySingle, scalar } from "./node.ts";
import { type Operand, operands } from "./operand.ts";
import type { Tensor } from "./tensor.ts";

/** `a = b`, as bool; no gradient. */
export function equal(a: Operand, b: Operand): Tensor {
  return compare("Equal", a, b);
}

/** `a > b`, as bool; no gradient. */
export function greater(a: Operand, b: Operand): Tensor {
  return compare("Greater", a, b);
}

/** `a ≥ b`, as bool; no gradient. */
export function greaterOrEqual(a: Operand, b: Operand): Tensor {
  return compare("GreaterOrEqual", a, b);
}

/** `a < b`, as bool; no gradient. */
export function less(a: Operand, b: Operand): Tensor {
  return compare("Less", a, b);
}

/** Logical not of a bool tensor. */
export function not(x: Tensor): Tensor {
  if (x.dtype !== "bool") throw new TypeError(`Not: expected a bool tensor, found ${x.dtype}`);
  return applySingle("Not", [x], { dtype: "bool", shape: x.shape });
}

/** Whether each value is no number, as bool; no gradient. */
export function isNaNumber(x: Tensor): Tensor {
  return applySingle("IsNaN", [x], { dtype: "bool", shape: x.shape });
}

/**
 * `a` where the condition holds, else `b`; all three broadcast.
 *
 * @throws {TypeError} if the condition is not bool.
 */
export function where(condition: Tensor, a: Operand, b: Operand): Tensor {
  if (condition.dtype !== "bool") {
    throw new TypeError(`Where: expected a bool condition, found ${condition.dtype}`);
  }
  const [x, y] = operands("Where", a, b);
  const shape = broadcastShapes(
    "Where",
    condition.shape,
    broadcastShapes("Where", x.shape, y.shape),
  );
  const zero = scalar(0, x.dtype);
  return applySingle("Where", [condition, x, y], {
    dtype: x.dtype,
    shape,
    gradient: ([g]) => [
      undefined,
      sumTo(where(condition, g!, zero), x.shape),
      sumTo(where(condition, zero, g!), y.shape),
    ],
  });
}

function compare(op: string, a: Operand, b: Operand): Tensor {
  const [x, y] = operands(op, a, b);
  return applySingle(op, [x, y], { dtype: "bool", shape: broadcastShapes(op, x.shape, y.shape) });
}
