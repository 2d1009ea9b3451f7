/**
 * What ONNX Runtime's kernels for the processor compute sooner in another form, with the same values.
 *
 * @module
 */
import { transpose } from "./linear.ts";
import { applySingle, isSet, sameShape } from "./node.ts";
import { rewrite } from "./rewrite.ts";
import type { Node, Tensor } from "./tensor.ts";
import { topologicalOrder } from "./topology.ts";

/**
 * A graph as the processor computes it sooner. For writing a model, so without gradients.
 *
 * @returns what stands for each of `outputs`.
 */
export function forCpu(outputs: readonly Tensor[]): readonly Tensor[] {
  const uses = countUses(outputs);
  return rewrite(outputs, (node, original) => {
    const form = formOf(node, () => uses.get(original.inputs[0]!) === 1);
    return form && [form];
  });
}

function formOf(node: Node, isOnlyUse: () => boolean): Tensor | undefined {
  switch (node.op) {
    case "Gemm":
      return transposedBefore(node);
    case "MatMul":
      return withTransposesInside(node);
    case "Transpose":
      return transposedOnce(node) ?? (isOnlyUse() ? factorsExchanged(node) : undefined);
    default:
      return undefined;
  }
}

/**
 * A product that takes its first factor transposed, which is transposed before it: the kernel does so
 * once for each few columns of the other factor.
 */
function transposedBefore(node: Node): Tensor | undefined {
  const [a, ...others] = node.inputs as readonly [Tensor, ...Tensor[]];
  const { dtype, shape } = node.outputs[0]!;
  if (!isSet(node, "transA") || dtype !== "float32") return undefined;
  const attributes = { ...node.attributes, transA: { int: 0 } };
  return applySingle("Gemm", [transpose(a), ...others], { attributes, dtype, shape });
}

/** Factors of many products of matrices, and which of them are taken transposed. */
interface Factors {
  readonly a: Tensor;
  readonly b: Tensor;
  readonly transA: boolean;
  readonly transB: boolean;
}

/**
 * Many products of matrices, attention's above all, whose factors are transposed within them. Apart,
 * each number of a matrix would be moved by itself: heads of 64 channels by 50 tokens take five times
 * as long to lay out that way as the products themselves.
 */
function withTransposesInside(node: Node): Tensor | undefined {
  const factors = factorsOf(node);
  if (factors === undefined) return undefined;
  const [a, b] = [unturned(factors.a), unturned(factors.b)];
  if (a === undefined && b === undefined) return undefined;
  return product(
    { a: a ?? factors.a, b: b ?? factors.b, transA: a !== undefined, transB: b !== undefined },
    node.outputs[0]!,
  );
}

/** What is transposed twice, transposed once or not at all. */
function transposedOnce(node: Node): Tensor | undefined {
  const { node: before } = node.inputs[0]!;
  if (before.op !== "Transpose") return undefined;
  const order = permutationOf(before);
  return transpose(before.inputs[0]!, permutationOf(node).map((axis) => order[axis]!));
}

/** `(a·b)ᵀ` as `bᵀ·aᵀ`. */
function factorsExchanged(node: Node): Tensor | undefined {
  const result = node.inputs[0]!;
  const factors = factorsOf(result.node);
  const [row, column] = [result.shape.length - 2, result.shape.length - 1];
  const order = permutationOf(node);
  if (factors === undefined || order.at(-1) !== row) return undefined;
  const { a, b, transA, transB } = factors;
  const [n, m] = result.shape.slice(-2) as [number, number];
  const exchanged = product({ a: b, b: a, transA: !transB, transB: !transA }, {
    dtype: result.dtype,
    shape: [...result.shape.slice(0, -2), m, n],
  });
  return transpose(
    exchanged,
    order.map((axis) => axis === row ? column : axis === column ? row : axis),
  );
}

/** The factors of products of which there are as many of each side; undefined for all other nodes. */
function factorsOf(node: Node): Factors | undefined {
  if (node.op !== "MatMul" && node.op !== "FusedMatMul") return undefined;
  const [a, b] = node.inputs as readonly [Tensor, Tensor];
  const many = a.shape.length > 2 && sameShape(a.shape.slice(0, -2), b.shape.slice(0, -2));
  if (!many || a.dtype !== "float32") return undefined;
  return { a, b, transA: isSet(node, "transA"), transB: isSet(node, "transB") };
}

function product(
  { a, b, transA, transB }: Factors,
  { dtype, shape }: Pick<Tensor, "dtype" | "shape">,
): Tensor {
  if (!transA && !transB) return applySingle("MatMul", [a, b], { dtype, shape });
  const attributes = { transA: { int: transA ? 1 : 0 }, transB: { int: transB ? 1 : 0 } };
  return applySingle("FusedMatMul", [a, b], {
    domain: "com.microsoft",
    ...{ attributes, dtype, shape },
  });
}

/** What a factor is the transposed matrices of, if it is laid out against the order of memory. */
function unturned({ node }: Tensor): Tensor | undefined {
  if (node.op !== "Transpose") return undefined;
  const order = [...permutationOf(node)];
  const [last, before] = [order.pop()!, order.pop()!];
  const rank = order.length + 2;
  return before === rank - 1 ? transpose(node.inputs[0]!, [...order, last, before]) : undefined;
}

function permutationOf({ attributes }: Node): readonly number[] {
  const { perm } = attributes as { readonly perm: { readonly ints: readonly number[] } };
  return perm.ints;
}

/** How often each tensor is used. */
function countUses(outputs: readonly Tensor[]): ReadonlyMap<Tensor, number> {
  const uses = new Map<Tensor, number>();
  const used = [...outputs, ...topologicalOrder(outputs).flatMap(({ inputs }) => inputs)];
  for (const each of used) if (each !== undefined) uses.set(each, (uses.get(each) ?? 0) + 1);
  return uses;
}
