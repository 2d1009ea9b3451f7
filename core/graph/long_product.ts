import { apply, applySingle, indices, isSet } from "./node.ts";
import type { Node, Tensor } from "./tensor.ts";

/**
 * A matrix product as a sum of shorter ones: no more than `longest` terms are added up in one go. For
 * writing a model, so without gradients.
 *
 * @returns `undefined` where the node is no such product, or short enough.
 */
export function shortenProduct(node: Node, longest: number): Tensor | undefined {
  const { op, attributes, outputs: [result] } = node;
  if (op !== "Gemm" && op !== "MatMul") return undefined;
  const [a, b, c] = node.inputs as readonly [Tensor, Tensor, Tensor?];
  const axisA = a.shape.length - (isSet(node, "transA") ? 2 : 1);
  const axisB = b.shape.length - (isSet(node, "transB") ? 1 : 2);
  const terms = a.shape[axisA]!;
  if (terms <= longest) return undefined;
  const lengths = Array.from(
    { length: Math.ceil(terms / longest) },
    (_, i) => Math.min(longest, terms - i * longest),
  );
  const [parts, others] = [cut(a, lengths, axisA), cut(b, lengths, axisB)];
  const { dtype, shape } = result!;
  return parts.reduce<Tensor | undefined>((sum, part, i) => {
    const other = others[i]!;
    // A Gemm starts from the sum of those before it.
    if (op === "Gemm") {
      const inputs = sum === undefined ? [part, other] : [part, other, sum];
      return applySingle(op, inputs, { attributes, dtype, shape });
    }
    const product = applySingle(op, [part, other], { dtype, shape });
    return sum === undefined ? product : applySingle("Add", [sum, product], { dtype, shape });
  }, c);
}

function cut(x: Tensor, lengths: readonly number[], axis: number): readonly Tensor[] {
  return apply("Split", [x, indices(lengths)], {
    attributes: { axis: { int: axis } },
    outputs: lengths.map((length) => ({ dtype: x.dtype, shape: x.shape.with(axis, length) })),
  });
}
