import type { Node, Tensor } from "../../graph/tensor.ts";
import { topologicalOrder } from "../../graph/topology.ts";

/** What takes most of a tower's time. All other operators are quick to compute again. */
const PRODUCTS: ReadonlySet<string> = new Set(["Gemm", "MatMul", "Conv", "ConvTranspose"]);

/**
 * The matrix products of a forward graph that a backward graph needs again: with their results at
 * hand, it computes what lies between them, and no product twice.
 */
export function keptProducts(
  forward: readonly Tensor[],
  backward: readonly Tensor[],
): readonly Tensor[] {
  const own = new Set(topologicalOrder(forward));
  const kept = new Set<Tensor>();
  const seen = new Set<Node>();
  const open = [...backward];
  for (let tensor = open.pop(); tensor !== undefined; tensor = open.pop()) {
    const { node } = tensor;
    if (own.has(node) && PRODUCTS.has(node.op)) kept.add(tensor);
    else if (!seen.has(node)) {
      seen.add(node);
      open.push(...node.inputs.filter((operand) => operand !== undefined));
    }
  }
  return [...kept];
}
