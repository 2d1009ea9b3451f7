/**
 * Two-dimensional convolution and its adjoint; each is the other's gradient.
 *
 * @module
 */
import { reshape, sum, transpose } from "./linear.ts";
import { applySingle, sameShape, showShape } from "./node.ts";
import { slice } from "./shape.ts";
import type { Tensor } from "./tensor.ts";

/** Options of {@linkcode conv2d}, the same in both directions. */
export interface ConvOptions {
  /** Of both axes, or of each. Default 1. */
  readonly stride?: number | readonly [number, number];
  /** Zeros around the picture. Default 0. */
  readonly padding?: number | readonly [number, number];
  /** Distance of neighbouring kernel elements. Default 1. */
  readonly dilation?: number | readonly [number, number];
  /** Into how many parts channels and filters are cut, each filter seeing its own part. Default 1. */
  readonly groups?: number;
}

/**
 * Convolution.
 *
 * @param x `[batch, channels, height, width]`.
 * @param weight `[filters, channels / groups, kernel height, kernel width]`.
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
  const { stride, padding, dilation, groups } = complete(options);
  const [batch, channels, ...space] = x.shape;
  const [filters, inner, ...kernel] = weight.shape;
  const out = space.map((length, i) =>
    Math.floor((length + 2 * padding[i]! - dilation[i]! * (kernel[i]! - 1) - 1) / stride[i]!) + 1
  );
  if (
    x.shape.length !== 4 || weight.shape.length !== 4 || channels !== inner! * groups ||
    filters! % groups !== 0 || x.dtype !== weight.dtype || out.some((length) => length < 1)
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
    attributes: spatial({ stride, padding, dilation, groups }),
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
  const { stride, padding, dilation, groups } = complete(options);
  const [batch, filters, ...given] = x.shape;
  const [outer, channels, ...kernel] = weight.shape;
  if (
    x.shape.length !== 4 || weight.shape.length !== 4 || filters !== outer ||
    filters! % groups !== 0 || x.dtype !== weight.dtype
  ) {
    throw mismatch("ConvTranspose", x, weight);
  }
  // What the stride left over at the far edge in the forward direction.
  const rest = space.map((length, i) =>
    length -
    ((given[i]! - 1) * stride[i]! - 2 * padding[i]! + dilation[i]! * (kernel[i]! - 1) + 1)
  );
  if (space.length !== 2 || rest.some((length, i) => length < 0 || length >= stride[i]!)) {
    throw new TypeError(
      `ConvTranspose: a convolution of ${showShape(space)} by a kernel ${
        showShape(kernel)
      } with stride ${showShape(stride)}, padding ${showShape(padding)} and dilation ${
        showShape(dilation)
      } does not give ${showShape(given)}`,
    );
  }
  return applySingle("ConvTranspose", [x, weight], {
    attributes: {
      ...spatial({ stride, padding, dilation, groups }),
      output_padding: { ints: rest },
    },
    dtype: x.dtype,
    shape: [batch!, channels! * groups, ...space],
    gradient: ([g]) => [
      conv2d(g!, weight, undefined, options),
      kernelGradient(g!, x, weight.shape, options),
    ],
  });
}

// dweight[f, c, i, j] = Σ over batch and places of x[., c, place·stride + i·dilation] · g[., f, place]:
// a convolution of x with g in which batch and channels change roles, and stride and dilation too; each
// group by itself.
function kernelGradient(
  x: Tensor,
  g: Tensor,
  kernelShape: readonly number[],
  options: ConvOptions,
): Tensor {
  const { stride, padding, dilation, groups } = complete(options);
  const [batch, channels, ...space] = x.shape;
  const [, filters, ...places] = g.shape;
  const inner = channels! / groups;
  const byChannel = reshape(
    transpose(reshape(x, [batch!, groups, inner, ...space]), [2, 1, 0, 3, 4]),
    [inner, groups * batch!, ...space],
  );
  const byFilter = reshape(
    transpose(reshape(g, [batch!, groups, filters! / groups, ...places]), [1, 2, 0, 3, 4]),
    [filters!, batch!, ...places],
  );
  let result = conv2d(byChannel, byFilter, undefined, {
    stride: dilation,
    dilation: stride,
    padding,
    groups,
  });
  for (const axis of [2, 3]) {
    result = slice(result, { axis, start: 0, end: kernelShape[axis]! });
  }
  return transpose(result, [1, 0, 2, 3]);
}

interface Spatial {
  readonly stride: readonly [number, number];
  readonly padding: readonly [number, number];
  readonly dilation: readonly [number, number];
  readonly groups: number;
}

function complete({ stride, padding, dilation, groups }: ConvOptions): Spatial {
  const each = (value: number | readonly [number, number]): readonly [number, number] =>
    typeof value === "number" ? [value, value] : value;
  return {
    stride: each(stride ?? 1),
    padding: each(padding ?? 0),
    dilation: each(dilation ?? 1),
    groups: groups ?? 1,
  };
}

function mismatch(operator: string, x: Tensor, weight: Tensor): TypeError {
  return new TypeError(
    `${operator}: ${x.dtype} ${showShape(x.shape)} and a kernel ${weight.dtype} ${
      showShape(weight.shape)
    } do not fit`,
  );
}

function spatial({ stride, padding, dilation, groups }: Spatial) {
  return {
    strides: { ints: stride },
    pads: { ints: [...padding, ...padding] },
    dilations: { ints: dilation },
    ...(groups === 1 ? {} : { group: { int: groups } }),
  };
}
