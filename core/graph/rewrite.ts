import { apply } from "./node.ts";
import type { Node, Tensor } from "./tensor.ts";
import { topologicalOrder } from "./topology.ts";

/**
 * A graph with other tensors in the place of some of its own. For writing a model: nodes after a
 * change are made anew, without their gradients.
 *
 * @param change What stands for the outputs of a node, whose operands are changed already, and which
 *   was `original` before; `undefined` where they stay.
 * @returns what stands for each of `outputs`.
 */
export function rewrite(
  outputs: readonly Tensor[],
  change: (node: Node, original: Node) => readonly Tensor[] | undefined,
): readonly Tensor[] {
  const changed = new Map<Tensor, Tensor>();
  const now = (tensor: Tensor): Tensor => changed.get(tensor) ?? tensor;
  for (const node of topologicalOrder(outputs)) {
    const moved = withOperands(node, node.inputs.map((each) => each && now(each)));
    const replaced = change(moved, node) ?? moved.outputs;
    for (const [i, output] of node.outputs.entries()) {
      if (replaced[i] !== output) changed.set(output, replaced[i]!);
    }
  }
  return outputs.map(now);
}

/** Outputs under their names, as another form of their graph gives them. */
export function inForms(
  outputs: Readonly<Record<string, Tensor>>,
  form: (tensors: readonly Tensor[]) => readonly Tensor[],
): Readonly<Record<string, Tensor>> {
  const formed = form(Object.values(outputs));
  return Object.fromEntries(Object.keys(outputs).map((name, i) => [name, formed[i]!]));
}

function withOperands(node: Node, operands: readonly (Tensor | undefined)[]): Node {
  if (operands.every((each, i) => each === node.inputs[i])) return node;
  const { op, attributes, domain, outputs } = node;
  return apply(op, operands, { attributes, domain, outputs })[0]!.node;
}
