import { scalar } from "./node.ts";
import type { DType, Tensor } from "./tensor.ts";

/** A tensor, or a number that takes the other operand's type. */
export type Operand = Tensor | number;

/** Two operands as tensors of one type. */
export function operands(operator: string, a: Operand, b: Operand): readonly [Tensor, Tensor] {
  if (typeof a === "number" && typeof b === "number") {
    throw new TypeError(`${operator}: expected at least one tensor, found two numbers`);
  }
  const x = typeof a === "number" ? scalar(a, (b as Tensor).dtype) : a;
  const y = typeof b === "number" ? scalar(b, x.dtype) : b;
  if (x.dtype !== y.dtype) {
    throw new TypeError(
      `${operator}: expected operands of one type, found ${x.dtype} and ${y.dtype}`,
    );
  }
  return [x, y];
}

/** Whether a type is of floating-point numbers. */
export function isFloating(dtype: DType): boolean {
  return dtype === "float32" || dtype === "float64" || dtype === "float16";
}

/** The tensor, if it is of a floating-point type; a TypeError if not. */
export function floating(operator: string, x: Tensor): Tensor {
  if (!isFloating(x.dtype)) {
    throw new TypeError(`${operator}: expected a floating-point tensor, found ${x.dtype}`);
  }
  return x;
}
