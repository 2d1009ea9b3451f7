import { concat, split } from "./shape.ts";
import type { Node, Tensor } from "./tensor.ts";

/**
 * Joins and cuts of more tensors than a GPU binds at once, in several goes. For writing a model.
 *
 * @param buffers The most tensors of an operator, results included; at least 3.
 * @returns what stands for the node's outputs; `undefined` where they are few.
 */
export function withFewBuffers(node: Node, buffers: number): readonly Tensor[] | undefined {
  const { op, inputs, outputs, attributes } = node;
  if (op !== "Concat" && op !== "Split") return undefined;
  const most = buffers - 1;
  const { axis: { int: axis } } = attributes as { readonly axis: { readonly int: number } };
  if (op === "Concat") {
    return inputs.length > most ? [join(inputs as readonly Tensor[], axis, most)] : undefined;
  }
  if (outputs.length <= most) return undefined;
  return cut(inputs[0]!, outputs.map(({ shape }) => shape[axis]!), axis, most);
}

function join(tensors: readonly Tensor[], axis: number, most: number): Tensor {
  if (tensors.length <= most) return concat(tensors, axis);
  return join(groups(tensors, most).map((each) => concat(each, axis)), axis, most);
}

function cut(
  x: Tensor,
  lengths: readonly number[],
  axis: number,
  most: number,
): readonly Tensor[] {
  if (lengths.length <= most) return split(x, lengths, axis);
  const grouped = groups(lengths, most);
  const sums = grouped.map((each) => each.reduce((a, b) => a + b, 0));
  const parts = cut(x, sums, axis, most);
  return grouped.flatMap((each, i) => split(parts[i]!, each, axis));
}

function groups<T>(all: readonly T[], most: number): readonly (readonly T[])[] {
  return Array.from(
    { length: Math.ceil(all.length / most) },
    (_, i) => all.slice(i * most, (i + 1) * most),
  );
}
