/**
 * What losses are written with, made of the other operators.
 *
 * @module
 */
import { expand, reshape, sum } from "./linear.ts";
import { broadcastShapes } from "./broadcast.ts";
import { add, div, mul, neg, sqrt, square } from "./elementwise.ts";
import { constant, showShape } from "./node.ts";
import { mean } from "./reduce.ts";
import { concat } from "./shape.ts";
import { logSoftmax, logSumExp } from "./softmax.ts";
import type { Tensor } from "./tensor.ts";

/** Rows of unit length: `x / √(Σ x² + ε)` along an axis. */
export function l2Normalize(x: Tensor, axis = -1, epsilon = 1e-24): Tensor {
  return div(
    x,
    sqrt(add(sum(square(x), [axis], { keepDims: true }), epsilon)),
  );
}

/** `log(eᵃ + eᵇ)`, element by element, with broadcasting. */
export function logAddExp(a: Tensor, b: Tensor): Tensor {
  const shape = broadcastShapes("logAddExp", a.shape, b.shape);
  const wide = [a, b].map((each) => reshape(expand(each, shape), [...shape, 1]));
  return logSumExp(concat(wide, shape.length), shape.length);
}

/**
 * The mean cross entropy of rows of logits.
 *
 * @param logits `[rows, classes]`.
 * @param labels The right class of each row; default: row `i` belongs to class `i`.
 * @returns a scalar: `−(1/rows) Σᵢ log softmax(logits)[i, labels[i]]`.
 * @throws {TypeError} if there is not one label a row.
 * @throws {RangeError} if a label is no class.
 */
export function crossEntropy(logits: Tensor, labels?: readonly number[]): Tensor {
  const [rows, classes] = logits.shape;
  const right = labels ?? Array.from({ length: rows ?? 0 }, (_, i) => i);
  if (logits.shape.length !== 2 || right.length !== rows) {
    throw new TypeError(
      `crossEntropy: expected logits [rows, classes] with a label a row, found ${
        showShape(logits.shape)
      } and ${right.length} labels`,
    );
  }
  const oneHot = new Float32Array(rows * classes!);
  for (const [row, label] of right.entries()) {
    if (!Number.isInteger(label) || label < 0 || label >= classes!) {
      throw new RangeError(
        `crossEntropy: label ${label} of row ${row} is none of ${classes} classes`,
      );
    }
    oneHot[row * classes! + label] = 1;
  }
  const picked = mul(logSoftmax(logits, 1), constant(oneHot, [rows, classes!], logits.dtype));
  return neg(mean(sum(picked, [1])));
}
