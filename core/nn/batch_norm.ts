/**
 * Batch normalisation by statistics that stay as they are.
 *
 * @module
 */
import { reshape } from "../graph/linear.ts";
import { add, div, mul, sqrt, sub } from "../graph/elementwise.ts";
import type { Tensor } from "../graph/tensor.ts";
import type { ParameterLookup } from "../model.ts";
import { type LinearNames, linearNames } from "./parameter_names.ts";
import type { NamedShapes } from "./parameter_shapes.ts";

/** The parameters of a batch norm and the statistics of what it was trained on. */
export interface BatchNormNames extends Required<LinearNames> {
  /** Mean of each channel. */
  readonly mean: string;
  /** Variance of each channel. */
  readonly variance: string;
}

/** The end of the names of statistics, which no training changes here. */
export const STATISTICS = /\.running_(mean|var)$/;

/** The names of PyTorch's `BatchNorm2d`. */
export function batchNormNames(prefix: string): BatchNormNames {
  return {
    ...linearNames(prefix),
    mean: `${prefix}.running_mean`,
    variance: `${prefix}.running_var`,
  };
}

/** The shapes of a batch norm's parameters and statistics. */
export function batchNormShapes(
  { weight, bias, mean, variance }: BatchNormNames,
  channels: number,
): NamedShapes {
  return [weight, bias, mean, variance].map((name) => [name, [channels]]);
}

/**
 * `(x − mean) / √(variance + ε) · weight + bias` for each channel, by the statistics that the weights
 * came with: as PyTorch computes it for evaluation. Training keeps them, since the pictures of a batch
 * for fine-tuning are few.
 *
 * @param x `[batch, channels, height, width]`.
 */
export function batchNorm(
  x: Tensor,
  { weight, bias, mean, variance }: BatchNormNames,
  parameter: ParameterLookup,
  epsilon: number,
): Tensor {
  const along = (tensor: Tensor) => reshape(tensor, [1, -1, 1, 1]);
  const factor = div(parameter(weight), sqrt(add(parameter(variance), epsilon)));
  const shift = sub(parameter(bias), mul(parameter(mean), factor));
  return add(mul(x, along(factor)), along(shift));
}
