import { add } from "./elementwise.ts";
import { gemm, matmul } from "./linear.ts";
import { isSet } from "./node.ts";
import { split } from "./shape.ts";
import type { Node, Tensor } from "./tensor.ts";

/**
 * A matrix product as a sum of shorter ones: no more than `longest` terms are added up in one go.
 *
 * @returns `undefined` where the node is no such product, or short enough.
 */
export function shortenProduct(node: Node, longest: number): Tensor | undefined {
  if (node.op !== "Gemm" && node.op !== "MatMul") return undefined;
  const [a, b, c] = node.inputs as readonly [Tensor, Tensor, Tensor?];
  const [transposeA, transposeB] = [isSet(node, "transA"), isSet(node, "transB")];
  const [axisA, axisB] = [
    a.shape.length - (transposeA ? 2 : 1),
    b.shape.length - (transposeB ? 1 : 2),
  ];
  const terms = a.shape[axisA]!;
  if (terms <= longest) return undefined;
  const lengths = Array.from(
    { length: Math.ceil(terms / longest) },
    (_, i) => Math.min(longest, terms - i * longest),
  );
  const parts = split(a, lengths, axisA);
  const others = split(b, lengths, axisB);
  if (node.op === "MatMul") {
    return parts.map((part, i) => matmul(part, others[i]!)).reduce((sum, each) => add(sum, each));
  }
  // Each product starts from the sum of those before it.
  return parts.reduce<Tensor | undefined>(
    (sum, part, i) => gemm(part, others[i]!, sum, { transposeA, transposeB }),
    c,
  );
}
