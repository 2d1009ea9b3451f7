/**
 * Softmax and its relatives along one axis.
 *
 * @module
 */
import { isNaNumber, where } from "./comparison.ts";
import { floating } from "./operand.ts";
import { reshape, sum } from "./linear.ts";
import { add, exp, log, mul, stopGradient, sub } from "./elementwise.ts";
import { applySingle, normalizeAxis } from "./node.ts";
import { maxOfNumbers } from "./reduce.ts";
import type { Tensor } from "./tensor.ts";

/** `eˣ / Σ eˣ` along an axis; NaN in all of a row that holds a NaN, or nothing but −∞. */
export function softmax(x: Tensor, axis = -1): Tensor {
  const at = normalizeAxis("Softmax", axis, x.shape.length);
  return applySingle("Softmax", [floating("Softmax", x)], {
    attributes: { axis: { int: at } },
    dtype: x.dtype,
    shape: x.shape,
    gradient: ([g], node) => [softmaxGradient(g!, node.outputs[0]!, at)],
  });
}

/**
 * {@linkcode softmax} with zeros in the place of NaN: a row of nothing but −∞ (every key is masked) gives
 * nothing to anyone, and no gradient comes back from it.
 */
export function softmaxOrZero(x: Tensor, axis = -1): Tensor {
  const at = normalizeAxis("Softmax", axis, x.shape.length);
  const zeroed = (y: Tensor) => where(isNaNumber(y), 0, y);
  return zeroed(applySingle("Softmax", [floating("Softmax", x)], {
    attributes: { axis: { int: at } },
    dtype: x.dtype,
    shape: x.shape,
    gradient: ([g], node) => [softmaxGradient(g!, zeroed(node.outputs[0]!), at)],
  }));
}

function softmaxGradient(g: Tensor, y: Tensor, axis: number): Tensor {
  const weighted = mul(g, y);
  return sub(weighted, mul(y, sum(weighted, [axis], { keepDims: true })));
}

/**
 * The logarithm of {@linkcode softmax}, without its overflow. Composed, because WebGPU leaves
 * ONNX's own LogSoftmax to the CPU and would wait for it in the midst of a step.
 */
export function logSoftmax(x: Tensor, axis = -1): Tensor {
  const at = normalizeAxis("logSoftmax", axis, x.shape.length);
  const { shifted } = shift(floating("logSoftmax", x), at);
  return sub(shifted, log(sum(exp(shifted), [at], { keepDims: true })));
}

/** `log Σ eˣ` along an axis, which is removed; shifted by the maximum, so it does not overflow. */
export function logSumExp(x: Tensor, axis = -1): Tensor {
  const at = normalizeAxis("logSumExp", axis, x.shape.length);
  const { shifted, largest } = shift(floating("logSumExp", x), at);
  const total = log(sum(exp(shifted), [at]));
  return add(total, reshape(largest, total.shape));
}

// The result does not depend on the shift, so no gradient is owed to it; a NaN that the maximum passes
// by stays in what is shifted.
function shift(x: Tensor, axis: number): { readonly shifted: Tensor; readonly largest: Tensor } {
  const largest = stopGradient(maxOfNumbers(x, [axis], { keepDims: true }));
  return { shifted: sub(x, largest), largest };
}
