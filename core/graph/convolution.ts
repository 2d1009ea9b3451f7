/**
 * Two-dimensional convolution and its adjoint; each is the other's gradient.
 *
 * @module
 */
import { sum, transpose } from "./linear.ts";
import { applySingle, sameShape, showShape } from "./node.ts";
import { slice } from "./shape.ts";
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
    throw mismatch("Conv", x, weight);
  }
  if (bias !== undefined && (bias.dtype !== x.dtype || !sameShape(bias.shape, [filters!]))) {
    throw new TypeError(
      `Conv: expected a bias ${x.dtype} [${filters}] for a kernel ${
        showShape(weight.shape)
      }, found ${bias.dtype} ${showShape(bias.shape)}`,
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
 *
 * @throws {TypeError} if shapes or types don't fit, or no convolution of `space` gives `x`.
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
  if (
    x.shape.length !== 4 || weight.shape.length !== 4 || filters !== outer ||
    x.dtype !== weight.dtype
  ) {
    throw mismatch("ConvTranspose", x, weight);
  }
  // What the stride left over at the far edge in the forward direction.
  const rest = space.map((length, i) =>
    length - ((given[i]! - 1) * stride - 2 * padding + dilation * (kernel[i]! - 1) + 1)
  );
  if (space.length !== 2 || rest.some((length) => length < 0 || length >= stride)) {
    throw new TypeError(
      `ConvTranspose: a convolution of ${showShape(space)} by a kernel ${
        showShape(kernel)
      } with stride ${stride}, padding ${padding} and dilation ${dilation} does not give ${
        showShape(given)
      }`,
    );
  }
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

function mismatch(operator: string, x: Tensor, weight: Tensor): TypeError {
  return new TypeError(
    `${operator}: ${x.dtype} ${showShape(x.shape)} and a kernel ${weight.dtype} ${
      showShape(weight.shape)
    } do not fit`,
  );
}

function spatial(stride: number, padding: number, dilation: number) {
  return {
    strides: { ints: [stride, stride] },
    pads: { ints: [padding, padding, padding, padding] },
    dilations: { ints: [dilation, dilation] },
  };
}
