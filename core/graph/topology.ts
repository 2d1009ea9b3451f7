import type { Node, Tensor } from "./tensor.ts";

/** Every node that the given tensors depend on, each after its operands; without recursion. */
export function topologicalOrder(outputs: readonly Tensor[]): readonly Node[] {
  const order: Node[] = [];
  const state = new Map<Node, "open" | "done">();
  const stack: Node[] = outputs.map((tensor) => tensor.node).reverse();
  while (stack.length > 0) {
    const node = stack.at(-1)!;
    if (state.get(node) === undefined) {
      state.set(node, "open");
      for (const operand of node.inputs.toReversed()) {
        if (operand !== undefined && state.get(operand.node) === undefined) {
          stack.push(operand.node);
        }
      }
    } else {
      stack.pop();
      if (state.get(node) === "open") {
        state.set(node, "done");
        order.push(node);
      }
    }
  }
  return order;
}
