/**
 * Two-dimensional convolution and its adjoint; each is the other's gradient.
 *
 * @module
 */
import { applySingle, showShape } from "./node.ts";
import { sum } from "./reduce.ts";
import { slice, transpose } from "./shape.ts";
import type { Tensor } from "./tensor.ts";

/** Options of {@linkcode conv2d}, the same in both directions. */
export interface ConvOptions {
  /** Default 1. */
  readonly stride?: number;
  /** Zeros around the picture. Default 0. */
  readonly padding?: number;
  /** Distance of neighbouring kernel elements. Default 1. */
  readonly dilation?: number;
}

/**
 * Convolution without groups.
 *
 * @param x `[batch, channels, height, width]`.
 * @param weight `[filters, channels, kernel height, kernel width]`.
 * @param bias `[filters]`.
 * @returns `[batch, filters, out height, out width]`.
 * @throws {TypeError} if shapes or types don't fit.
 */
export function conv2d(
  x: Tensor,
  weight: Tensor,
  bias?: Tensor,
  options: ConvOptions = {},
): Tensor {
  const { stride = 1, padding = 0, dilation = 1 } = options;
  const [batch, channels, ...space] = x.shape;
  const [filters, inner, ...kernel] = weight.shape;
  const out = space.map((length, i) =>
    Math.floor((length + 2 * padding - dilation * (kernel[i]! - 1) - 1) / stride) + 1
  );
  if (
    x.shape.length !== 4 || weight.shape.length !== 4 || channels !== inner ||
    x.dtype !== weight.dtype || out.some((length) => length < 1)
  ) {
    throw new TypeError(
      `Conv: ${x.dtype} ${showShape(x.shape)} and a kernel ${weight.dtype} ${
        showShape(weight.shape)
      } do not fit`,
    );
  }
  return applySingle("Conv", bias === undefined ? [x, weight] : [x, weight, bias], {
    attributes: spatial(stride, padding, dilation),
    dtype: x.dtype,
    shape: [batch!, filters!, ...out],
    gradient: ([g]) => [
      convTranspose2d(g!, weight, x.shape.slice(2), options),
      kernelGradient(x, g!, weight.shape, options),
      bias === undefined ? undefined : sum(g!, [0, 2, 3]),
    ],
  });
}

/**
 * The adjoint of {@linkcode conv2d}: from `[batch, filters, …]` back to `[batch, channels, …space]`.
 */
export function convTranspose2d(
  x: Tensor,
  weight: Tensor,
  space: readonly number[],
  options: ConvOptions = {},
): Tensor {
  const { stride = 1, padding = 0, dilation = 1 } = options;
  const [batch, filters, ...given] = x.shape;
  const [outer, channels, ...kernel] = weight.shape;
  if (filters !== outer || x.dtype !== weight.dtype) {
    throw new TypeError(
      `ConvTranspose: ${x.dtype} ${showShape(x.shape)} and a kernel ${weight.dtype} ${
        showShape(weight.shape)
      } do not fit`,
    );
  }
  // What the stride left over at the far edge in the forward direction.
  const rest = space.map((length, i) =>
    length - ((given[i]! - 1) * stride - 2 * padding + dilation * (kernel[i]! - 1) + 1)
  );
  return applySingle("ConvTranspose", [x, weight], {
    attributes: { ...spatial(stride, padding, dilation), output_padding: { ints: rest } },
    dtype: x.dtype,
    shape: [batch!, channels!, ...space],
    gradient: ([g]) => [
      conv2d(g!, weight, undefined, options),
      kernelGradient(g!, x, weight.shape, options),
    ],
  });
}

// dweight[f, c, i, j] = Σ over batch and places of x[., c, place·stride + i·dilation] · g[., f, place]:
// a convolution of x with g in which batch and channels change roles, and stride and dilation too.
function kernelGradient(
  x: Tensor,
  g: Tensor,
  kernelShape: readonly number[],
  options: ConvOptions,
): Tensor {
  const { stride = 1, padding = 0, dilation = 1 } = options;
  const roles = [1, 0, 2, 3];
  let result = conv2d(transpose(x, roles), transpose(g, roles), undefined, {
    stride: dilation,
    dilation: stride,
    padding,
  });
  for (const axis of [2, 3]) {
    result = slice(result, { axis, start: 0, end: kernelShape[axis]! });
  }
  return transpose(result, roles);
}

function spatial(stride: number, padding: number, dilation: number) {
  return {
    strides: { ints: [stride, stride] },
    pads: { ints: [padding, padding, padding, padding] },
    dilations: { ints: [dilation, dilation] },
  };
}
