import { input } from "./node.ts";
import { inForms, rewrite } from "./rewrite.ts";
import type { DType, Node, Tensor } from "./tensor.ts";
import type { Signature } from "./to_model.ts";
import { topologicalOrder } from "./topology.ts";

/** A graph in two. */
export interface IntegerParts {
  /** What is computed of integers alone; its outputs are inputs of the other part, by name. */
  readonly integers?: Signature;
  /** All the rest. */
  readonly rest: Signature;
}

/**
 * Parts what a graph computes of integer inputs (places of tokens, masks) from the rest: a GPU has no
 * kernels for it, and would wait for the processor in the midst of a step.
 */
export function partIntegers({ inputs, outputs }: Signature): IntegerParts {
  const tensors = Object.values(outputs);
  const order = topologicalOrder(tensors);
  const constants = new Set<Node>();
  const integers = new Set<Node>();
  for (const node of order) {
    const operands = node.inputs.filter((each) => each !== undefined);
    const open = operands.filter((each) => !constants.has(each.node));
    if (node.op === "input") {
      if (isInteger(node.outputs[0]!.dtype)) integers.add(node);
    } else if (open.length === 0) {
      constants.add(node);
    } else if (
      open.every((each) => integers.has(each.node)) && open.some(({ dtype }) => isInteger(dtype)) &&
      (node.op === "Cast" ||
        node.outputs.every(({ dtype }) => isInteger(dtype) || dtype === "bool"))
    ) {
      integers.add(node);
    }
  }
  const isComputed = ({ node }: Tensor) => node.op !== "input" && integers.has(node);
  const users = order.filter((node) => !integers.has(node)).flatMap(({ inputs }) => inputs);
  const needed = new Set(
    [...users, ...tensors].filter((each) => each !== undefined).filter(isComputed),
  );
  if (needed.size === 0) return { rest: { inputs, outputs } };
  const fed = new Map(
    [...needed].map((tensor, i) => {
      const name = `what is made of ${sourcesOf(tensor).join(" and ")} (${i})`;
      return [tensor, input(name, tensor.dtype, tensor.shape)] as const;
    }),
  );
  const rest = inForms(
    outputs,
    (tensors) =>
      rewrite(
        tensors,
        (_, { outputs }) =>
          outputs.some((each) => fed.has(each))
            ? outputs.map((each) => fed.get(each) ?? each)
            : undefined,
      ),
  );
  const named = [...fed].map(([tensor, { node }]) => [node.inputName!, tensor] as const);
  return {
    integers: onlyUsed(inputs, Object.fromEntries(named)),
    rest: onlyUsed([...inputs, ...fed.values()], rest),
  };
}

/** The names of the inputs that a tensor depends on. */
function sourcesOf(tensor: Tensor): readonly string[] {
  return topologicalOrder([tensor]).flatMap(({ inputName }) => inputName ?? []);
}

function isInteger(dtype: DType): boolean {
  return dtype === "int64" || dtype === "int32" || dtype === "uint8";
}

function onlyUsed(inputs: readonly Tensor[], outputs: Signature["outputs"]): Signature {
  const used = new Set(topologicalOrder(Object.values(outputs)));
  return { inputs: inputs.filter(({ node }) => used.has(node)), outputs };
}
