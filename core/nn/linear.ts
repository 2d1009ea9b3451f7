/**
 * Layers of matrices and norms, whose parameters are looked up by name.
 *
 * @module
 */
import { constant } from "../graph/node.ts";
import { gemm } from "../graph/linear.ts";
import { layerNormalization } from "../graph/normalization.ts";
import type { Tensor } from "../graph/tensor.ts";
import type { LinearProduct, ParameterLookup } from "../model.ts";
import type { LinearNames, ProjectionName } from "./parameter_names.ts";

/** `x · weightᵀ + bias`, as PyTorch's `Linear` keeps both. */
export function linear(
  x: Tensor,
  { weight, bias }: LinearNames,
  parameter: ParameterLookup,
): Tensor {
  const added = bias === undefined ? undefined : parameter(bias);
  return layerProduct(x, { weight, bias: added }, () => parameter(weight), parameter);
}

/**
 * A linear layer's product, in whose place adapters may have put another.
 *
 * @param matrix The rows of the weight that belong to the outputs; asked for where they are needed.
 */
export function layerProduct(
  x: Tensor,
  layer: LinearProduct,
  matrix: () => Tensor,
  parameter: ParameterLookup,
): Tensor {
  return parameter.layer?.(x, layer) ?? gemm(x, matrix(), layer.bias, { transposeB: true });
}

/** `x · weight` with a projection stored either way round, and its bias where it has one. */
export function project(
  x: Tensor,
  { name, layout, bias }: ProjectionName,
  parameter: ParameterLookup,
): Tensor {
  if (layout === "dim-width") {
    return linear(x, { weight: name, ...(bias === undefined ? {} : { bias }) }, parameter);
  }
  return gemm(x, parameter(name), bias === undefined ? undefined : parameter(bias));
}

/** {@linkcode layerNormalization} with named parameters. */
export function norm(
  x: Tensor,
  { weight, bias }: LinearNames,
  parameter: ParameterLookup,
  epsilon: number,
): Tensor {
  const width = x.shape.at(-1)!;
  const shift = bias === undefined ? constant(new Float32Array(width), [width]) : parameter(bias);
  return layerNormalization(x, parameter(weight), shift, epsilon);
}
