import { apply } from "./node.ts";
import type { Tensor } from "./tensor.ts";
import { topologicalOrder } from "./topology.ts";

/**
 * A graph with other tensors in the place of some: what depends on them is made anew.
 *
 * @param outputs What the graph is wanted for.
 * @param others By the tensors that they take the place of; of the same types and shapes.
 * @returns the outputs of the new graph.
 */
export function replaceTensors(
  outputs: readonly Tensor[],
  others: ReadonlyMap<Tensor, Tensor>,
): readonly Tensor[] {
  const made = new Map(others);
  for (
    const { op, domain, inputs, attributes, gradient, outputs: old } of topologicalOrder(outputs)
  ) {
    if (!inputs.some((operand) => operand !== undefined && made.has(operand))) continue;
    const operands = inputs.map((operand) => operand && (made.get(operand) ?? operand));
    const given = gradient === undefined ? {} : { gradient };
    const fresh = apply(op, operands, { domain, attributes, outputs: old, ...given });
    old.forEach((tensor, i) => made.has(tensor) || made.set(tensor, fresh[i]!));
  }
  return outputs.map((tensor) => made.get(tensor) ?? tensor);
}
