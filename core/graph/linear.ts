/**
 * Linear operators: moving, stretching, summing and multiplying. They stand together because each
 * one's gradient is made of the others.
 *
 * @module
 */
import { broadcastShapes, reducedShape } from "./broadcast.ts";
import { applySingle, indices, ones, sameShape, showShape, sizeOf } from "./node.ts";
import type { Shape, Tensor } from "./tensor.ts";

/**
 * The same values in another shape, in row-major order. One length may be −1: what is left over.
 *
 * @throws {TypeError} if the shapes have not equally many elements.
 */
export function reshape(x: Tensor, shape: Shape): Tensor {
  const known = sizeOf(shape.filter((length) => length !== -1));
  const target = shape.map((length) => length === -1 ? sizeOf(x.shape) / known : length);
  const whole = target.every((length) => Number.isInteger(length) && length >= 0);
  const open = shape.filter((length) => length === -1).length;
  if (!whole || open > 1 || sizeOf(target) !== sizeOf(x.shape)) {
    throw new TypeError(
      `Reshape: ${showShape(x.shape)} has ${sizeOf(x.shape)} elements and does not fit ${
        showShape(shape)
      }`,
    );
  }
  if (sameShape(x.shape, target)) return x;
  return applySingle("Reshape", [x, indices(target)], {
    // Without it ONNX takes a 0 for "as in the input".
    ...(target.includes(0) ? { attributes: { allowzero: { int: 1 } } } : {}),
    dtype: x.dtype,
    shape: target,
    gradient: ([g]) => [reshape(g!, x.shape)],
  });
}

/**
 * Axes in another order: output axis `i` is input axis `permutation[i]`. Without a permutation the
 * last two axes change places.
 *
 * @throws {RangeError} if `permutation` does not name every axis once.
 */
export function transpose(x: Tensor, permutation?: readonly number[]): Tensor {
  const rank = x.shape.length;
  const order = permutation ??
    x.shape.map((_, axis) => axis === rank - 1 ? rank - 2 : axis === rank - 2 ? rank - 1 : axis);
  if (order.length !== rank || [...order].sort((a, b) => a - b).some((axis, i) => axis !== i)) {
    throw new RangeError(
      `Transpose: expected a permutation of the ${rank} axes of ${showShape(x.shape)}, found [${
        order.join(", ")
      }]`,
    );
  }
  if (order.every((axis, i) => axis === i)) return x;
  return applySingle("Transpose", [x], {
    attributes: { perm: { ints: order } },
    dtype: x.dtype,
    shape: order.map((axis) => x.shape[axis]!),
    gradient: ([g]) => [transpose(g!, order.map((_, i) => order.indexOf(i)))],
  });
}

/** Stretches axes of length 1 (and adds leading ones) to `shape`. */
export function expand(x: Tensor, shape: Shape): Tensor {
  if (sameShape(x.shape, shape)) return x;
  const lead = shape.length - x.shape.length;
  if (lead < 0 || x.shape.some((length, axis) => length !== 1 && length !== shape[axis + lead])) {
    throw new TypeError(`Expand: ${showShape(x.shape)} does not stretch to ${showShape(shape)}`);
  }
  return applySingle("Expand", [x, indices(shape)], {
    dtype: x.dtype,
    shape,
    gradient: ([g]) => [sumTo(g!, x.shape)],
  });
}

/**
 * The sum over axes.
 *
 * @param options.keepDims Whether reduced axes stay with length 1. Default false.
 */
export function sum(
  x: Tensor,
  axes?: readonly number[],
  options: { readonly keepDims?: boolean } = {},
): Tensor {
  return reduce("ReduceSum", x, axes, options, (g) => g);
}

/** How the gradient of a reduction, its axes kept with length 1, reaches the reduced places. */
export type Spread = (
  g: Tensor,
  values: { x: Tensor; y: Tensor; kept: Shape },
  count: number,
) => Tensor;

/** A reduction over axes (default: all) with its gradient's rule. */
export function reduce(
  op: string,
  x: Tensor,
  axes: readonly number[] | undefined,
  options: { readonly keepDims?: boolean },
  rule: Spread,
): Tensor {
  const keepDims = options.keepDims ?? false;
  const reduced = reducedShape(op, x.shape, axes, keepDims);
  if (reduced.axes.length === 0) return x;
  const count = reduced.axes.reduce((product, axis) => product * x.shape[axis]!, 1);
  return applySingle(op, [x, indices(reduced.axes)], {
    attributes: { keepdims: { int: keepDims ? 1 : 0 } },
    dtype: x.dtype,
    shape: reduced.shape,
    gradient: ([g], node) => {
      const values = { x, y: node.outputs[0]!, kept: reduced.kept };
      return [expand(rule(reshape(g!, reduced.kept), values, count), x.shape)];
    },
  });
}

/** The gradient of broadcasting: sums a tensor over the axes along which `shape` was stretched. */
export function sumTo(x: Tensor, shape: Shape): Tensor {
  if (sameShape(x.shape, shape)) return x;
  const lead = x.shape.length - shape.length;
  const axes = x.shape.flatMap((length, axis) =>
    axis < lead || (shape[axis - lead] === 1 && length !== 1) ? [axis] : []
  );
  const leading = axes.length > 0 && axes.every((axis, i) => axis === i);
  const reduced = axes.length === 0 ? x : leading ? sumLeading(x, axes.length) : sum(x, axes);
  return reshape(reduced, shape);
}

/**
 * The sum over the first axes, as a product with a row of ones: ONNX Runtime's matrix product is
 * several times as fast as its reduction over leading axes (bench/reduction_bench.ts).
 */
export function sumLeading(x: Tensor, count: number): Tensor {
  const rest = x.shape.slice(count);
  const rows = sizeOf(x.shape.slice(0, count));
  const flat = reshape(x, [rows, sizeOf(rest)]);
  return reshape(gemm(ones([1, rows], x.dtype), flat), rest);
}

/**
 * The matrix product `[…, n, k] · […, k, m] → […, n, m]` over broadcast leading axes.
 *
 * @throws {TypeError} if the inner lengths differ, a tensor has less than two axes, or types differ.
 */
export function matmul(a: Tensor, b: Tensor): Tensor {
  const n = a.shape.at(-2);
  const m = b.shape.at(-1);
  if (
    a.dtype !== b.dtype || n === undefined || m === undefined || b.shape.length < 2 ||
    a.shape.at(-1) !== b.shape.at(-2)
  ) {
    throw mismatch("MatMul", a, b);
  }
  const lead: Shape = broadcastShapes("MatMul", a.shape.slice(0, -2), b.shape.slice(0, -2));
  return applySingle("MatMul", [a, b], {
    dtype: a.dtype,
    shape: [...lead, n, m],
    gradient: ([g]) => [
      sumTo(matmul(g!, transpose(b)), a.shape),
      sumTo(matmul(transpose(a), g!), b.shape),
    ],
  });
}

/** Options of {@linkcode gemm}. */
export interface GemmOptions {
  /** Use `aᵀ`. Default false. */
  readonly transposeA?: boolean;
  /** Use `bᵀ`. Default false. */
  readonly transposeB?: boolean;
}

/**
 * `a · b + c` of two matrices, each transposed on demand without being copied; `c` is a row
 * `[m]` that is added to every row, or a full `[n, m]`.
 *
 * @throws {TypeError} if shapes or types don't fit.
 */
export function gemm(a: Tensor, b: Tensor, c?: Tensor, options: GemmOptions = {}): Tensor {
  const { transposeA = false, transposeB = false } = options;
  if (a.shape.length !== 2 || b.shape.length !== 2 || a.dtype !== b.dtype) {
    throw mismatch("Gemm", a, b);
  }
  const [n, k] = transposeA ? [a.shape[1]!, a.shape[0]!] : [a.shape[0]!, a.shape[1]!];
  const [inner, m] = transposeB ? [b.shape[1]!, b.shape[0]!] : [b.shape[0]!, b.shape[1]!];
  if (k !== inner) throw mismatch("Gemm", a, b, options);
  if (c !== undefined) {
    const fits = c.dtype === a.dtype && c.shape.at(-1) === m &&
      (c.shape.length === 1 || (c.shape.length === 2 && c.shape[0] === n));
    if (!fits) {
      throw new TypeError(
        `Gemm: expected an added term of shape [${m}] or [${n}, ${m}] in ${a.dtype}, found ${c.dtype} ${
          showShape(c.shape)
        }`,
      );
    }
  }
  return applySingle("Gemm", c === undefined ? [a, b] : [a, b, c], {
    attributes: { transA: { int: transposeA ? 1 : 0 }, transB: { int: transposeB ? 1 : 0 } },
    dtype: a.dtype,
    shape: [n, m],
    gradient: ([g]) => [
      transposeA
        ? gemm(b, g!, undefined, { transposeA: transposeB, transposeB: true })
        : gemm(g!, b, undefined, { transposeB: !transposeB }),
      transposeB
        ? gemm(g!, a, undefined, { transposeA: true, transposeB: transposeA })
        : gemm(a, g!, undefined, { transposeA: !transposeA }),
      c === undefined ? undefined : sumTo(g!, c.shape),
    ],
  });
}

function mismatch(operator: string, a: Tensor, b: Tensor, options: GemmOptions = {}): TypeError {
  const show = (x: Tensor, transposed: boolean | undefined) =>
    `${x.dtype} ${showShape(x.shape)}${transposed === true ? " (transposed)" : ""}`;
  return new TypeError(
    `${operator}: ${show(a, options.transposeA)} and ${
      show(b, options.transposeB)
    } do not multiply`,
  );
}
