import { conv2d } from "../../../core/graph/convolution.ts";
import { gelu } from "../../../core/graph/activation.ts";
import { reshape, transpose } from "../../../core/graph/linear.ts";
import type { Tensor } from "../../../core/graph/tensor.ts";
import type { ParameterLookup } from "../../../core/model.ts";
import { batchNorm, batchNormNames, batchNormShapes } from "../../../core/nn/batch_norm.ts";
import type { LinearNames } from "../../../core/nn/parameter_names.ts";
import type { NamedShapes } from "../../../core/nn/parameter_shapes.ts";

/** Of timm's `vit_base_mci_224`: sides of the kernels, which are their strides too. */
const KERNELS = [4, 2, 2] as const;

/** What timm's BatchNorm adds to the variance. */
const EPSILON = 1e-5;

/**
 * Patches by three convolutions, the first two followed by a norm and GELU (MobileCLIP-B).
 *
 * @param pixels `[batch, 3, size, size]`.
 * @param names `weight` is what the parameters' names begin with.
 * @returns `[batch · patches, width]`.
 */
export function convolutionalStem(
  pixels: Tensor,
  { weight: prefix }: LinearNames,
  parameter: ParameterLookup,
): Tensor {
  let x = pixels;
  for (const [layer, kernel] of KERNELS.entries()) {
    const isLast = layer === KERNELS.length - 1;
    const bias = isLast ? parameter(`${prefix}.${layer}.conv.bias`) : undefined;
    x = conv2d(x, parameter(`${prefix}.${layer}.conv.weight`), bias, { stride: kernel });
    if (isLast) break;
    x = gelu(batchNorm(x, batchNormNames(`${prefix}.${layer}.bn`), parameter, EPSILON));
  }
  const width = x.shape[1]!;
  return reshape(transpose(x, [0, 2, 3, 1]), [-1, width]);
}

/** The parameters of the convolutions. */
export function convolutionalStemShapes(
  { weight: prefix }: LinearNames,
  width: number,
): NamedShapes {
  const channels = [3, width / 4, width / 4, width] as const;
  return KERNELS.flatMap((kernel, layer): NamedShapes => [
    [`${prefix}.${layer}.conv.weight`, [channels[layer + 1]!, channels[layer]!, kernel, kernel]],
    ...(layer === KERNELS.length - 1
      ? [[`${prefix}.${layer}.conv.bias`, [width]] as const]
      : batchNormShapes(batchNormNames(`${prefix}.${layer}.bn`), channels[layer + 1]!)),
  ]);
}
