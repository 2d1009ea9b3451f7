/**
 * Softmax and its relatives along one axis.
 *
 * @module
 */
import { add, exp, floating, log, mul, stopGradient, sub } from "./elementwise.ts";
import { applySingle, normalizeAxis } from "./node.ts";
import { max, sum } from "./reduce.ts";
import { reshape } from "./shape.ts";
import type { Tensor } from "./tensor.ts";

/** `eˣ / Σ eˣ` along an axis. */
export function softmax(x: Tensor, axis = -1): Tensor {
  const at = normalizeAxis("Softmax", axis, x.shape.length);
  return applySingle("Softmax", [floating("Softmax", x)], {
    attributes: { axis: { int: at } },
    dtype: x.dtype,
    shape: x.shape,
    gradient: ([g], node) => {
      const y = node.outputs[0]!;
      const weighted = mul(g!, y);
      return [sub(weighted, mul(y, sum(weighted, [at], { keepDims: true })))];
    },
  });
}

/** The logarithm of {@linkcode softmax}, without its overflow. */
export function logSoftmax(x: Tensor, axis = -1): Tensor {
  const at = normalizeAxis("LogSoftmax", axis, x.shape.length);
  return applySingle("LogSoftmax", [floating("LogSoftmax", x)], {
    attributes: { axis: { int: at } },
    dtype: x.dtype,
    shape: x.shape,
    gradient: ([g], node) => [
      sub(g!, mul(exp(node.outputs[0]!), sum(g!, [at], { keepDims: true }))),
    ],
  });
}

/** `log Σ eˣ` along an axis, which is removed; shifted by the maximum, so it does not overflow. */
export function logSumExp(x: Tensor, axis = -1): Tensor {
  const at = normalizeAxis("logSumExp", axis, x.shape.length);
  const shift = stopGradient(max(x, [at], { keepDims: true }));
  const total = log(sum(exp(sub(x, shift)), [at]));
  return add(total, reshape(shift, total.shape));
}
