import { concat, logSumExp, reshape, type Tensor } from "../../core/graph/mod.ts";

/** log(eᵃ + eᵇ), element by element, of two tensors of one shape. */
export function logAddExp(a: Tensor, b: Tensor): Tensor {
  const shape = [...a.shape, 1];
  return logSumExp(concat([reshape(a, shape), reshape(b, shape)], shape.length - 1), -1);
}
