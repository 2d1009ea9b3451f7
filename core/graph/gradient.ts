/**
 * Reverse-mode differentiation: from a graph, the graph of its gradient.
 *
 * @module
 */
import { add } from "./elementwise.ts";
import { ones, sameShape, showShape, zeros } from "./node.ts";
import type { Node, Tensor } from "./tensor.ts";
import { topologicalOrder } from "./topology.ts";

/**
 * The gradient of a tensor with respect to others, written in the same operators, so it can be
 * differentiated again.
 *
 * @param output What is differentiated: a scalar, or any tensor if `seed` is given.
 * @param wrt With respect to what.
 * @param seed The gradient that arrives at `output`, of its shape. Default: one, for a scalar.
 * @returns one tensor for each of `wrt`, of its shape; zeros where the output does not depend on it.
 * @throws {TypeError} if `output` is no scalar and no seed is given, or the seed has another shape or
 *   type.
 *
 * @example
 * ```ts
 * import { gradient, input, mul, sum } from "@syntagma/syntagma/graph";
 *
 * const x = input("x", "float32", [3]);
 * const [dx] = gradient(sum(mul(x, x)), [x]);
 * console.assert(dx!.shape[0] === 3);
 * ```
 */
export function gradient(output: Tensor, wrt: readonly Tensor[], seed?: Tensor): Tensor[] {
  if (seed === undefined && output.shape.length > 0) {
    throw new TypeError(
      `gradient: expected a scalar or a seed for it, found ${showShape(output.shape)} without one`,
    );
  }
  if (
    seed !== undefined && (seed.dtype !== output.dtype || !sameShape(seed.shape, output.shape))
  ) {
    throw new TypeError(
      `gradient: expected a seed ${output.dtype} ${showShape(output.shape)}, found ${seed.dtype} ${
        showShape(seed.shape)
      }`,
    );
  }
  const order = topologicalOrder([output]);
  const relevant = nodesOnTheWay(order, wrt);
  const arrived = new Map<Tensor, Tensor>();
  const accumulate = (tensor: Tensor, g: Tensor) => {
    if (!sameShape(g.shape, tensor.shape)) {
      throw new TypeError(
        `gradient: the rule of ${tensor.node.op} expected shape ${showShape(tensor.shape)}, found ${
          showShape(g.shape)
        }`,
      );
    }
    const before = arrived.get(tensor);
    arrived.set(tensor, before === undefined ? g : add(before, g));
  };
  accumulate(output, seed ?? ones([], output.dtype));
  for (const node of order.toReversed()) {
    if (node.gradient === undefined || !relevant.has(node)) continue;
    const gradients = node.outputs.map((tensor) => arrived.get(tensor));
    if (gradients.every((g) => g === undefined)) continue;
    const inputGradients = node.gradient(gradients, node);
    for (const [i, operand] of node.inputs.entries()) {
      const g = inputGradients[i];
      if (operand !== undefined && g !== undefined && relevant.has(operand.node)) {
        accumulate(operand, g);
      }
    }
  }
  return wrt.map((tensor) => arrived.get(tensor) ?? zeros(tensor.shape, tensor.dtype));
}

function nodesOnTheWay(order: readonly Node[], wrt: readonly Tensor[]): ReadonlySet<Node> {
  const relevant = new Set(wrt.map((tensor) => tensor.node));
  for (const node of order) {
    if (node.inputs.some((operand) => operand !== undefined && relevant.has(operand.node))) {
      relevant.add(node);
    }
  }
  return relevant;
}
