/**
 * Matrix products.
 *
 * @module
 */
import { broadcastShapes, sumTo } from "./broadcast.ts";
import { applySingle, showShape } from "./node.ts";
import { transpose } from "./shape.ts";
import type { Shape, Tensor } from "./tensor.ts";

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
