/**
 * Graphs for any length of an axis, from the same graph for two lengths.
 *
 * @module
 */
import { constantArray } from "./constant_array.ts";
import { add, mul } from "./elementwise.ts";
import { apply, applySingle, indices, sameShape, scalar, showShape, sizeOf } from "./node.ts";
import { reshape } from "./linear.ts";
import type { Node, Tensor } from "./tensor.ts";
import { topologicalOrder } from "./topology.ts";

/** A graph for one length of the axis. */
export interface SizedGraph {
  /** The length. */
  readonly length: number;
  /** The input whose first axis it is. */
  readonly input: Tensor;
  readonly output: Tensor;
}

/**
 * The output of a graph that takes any length, from two graphs that were built in the same way for two
 * lengths. Whatever differs between them depends on the length: numbers linearly, lists of them by
 * being longer or shorter. Shapes of the result are those of the first graph, which names it only.
 * For writing a model: nodes have no gradients.
 *
 * @throws {TypeError} if the graphs are not alike, or depend on the length in another way.
 */
export function ofAnyLength(first: SizedGraph, second: SizedGraph): Tensor {
  const orders = [first, second].map(({ output }) => topologicalOrder([output]));
  const [order, others] = orders as [readonly Node[], readonly Node[]];
  if (order.length !== others.length) {
    throw new TypeError(
      `a graph of any length: expected two graphs of equal nodes, found ${order.length} and ${others.length}`,
    );
  }
  const shape = applySingle("Shape", [first.input], { dtype: "int64", shape: [1], ...FIRST });
  const between = [first.length, second.length] as const;
  const made = new Map<Tensor, Tensor>();
  for (const [i, node] of order.entries()) {
    const other = others[i]!;
    if (node.op !== other.op) {
      throw new TypeError(`a graph of any length: found ${node.op} and ${other.op} at one place`);
    }
    if (node.op === "constant") {
      const [tensor, longer] = [node.outputs[0]!, other.outputs[0]!];
      if (!isEqual(node, other)) made.set(tensor, ofLength(tensor, longer, shape, between));
      continue;
    }
    if (!node.inputs.some((operand) => operand && made.has(operand))) continue;
    const operands = node.inputs.map((operand) => operand && (made.get(operand) ?? operand));
    const { op, domain, attributes, outputs } = node;
    apply(op, operands, { domain, attributes, outputs })
      .forEach((tensor, place) => made.set(outputs[place]!, tensor));
  }
  return made.get(first.output) ?? first.output;
}

const FIRST = { attributes: { start: { int: 0 }, end: { int: 1 } } } as const;

function isEqual(a: Node, b: Node): boolean {
  const [x, y] = [a.constantBytes!, b.constantBytes!];
  if (x === y) return true;
  return sameShape(a.outputs[0]!.shape, b.outputs[0]!.shape) && x.length === y.length &&
    x.every((byte, i) => byte === y[i]);
}

/** A constant that has other values, or more of them, for another length. */
function ofLength(
  a: Tensor,
  b: Tensor,
  length: Tensor,
  [from, to]: readonly [number, number],
): Tensor {
  const [few, many] = [valuesOf(a), valuesOf(b)];
  if (sameShape(a.shape, b.shape) && few !== undefined && many !== undefined) {
    const slopes = few.map((value, i) => (many[i]! - value) / (to - from));
    const starts = few.map((value, i) => value - slopes[i]! * from);
    if (slopes.every(Number.isInteger)) {
      return reshape(add(indices(starts), mul(indices(slopes), length)), a.shape);
    }
  }
  const step = few === undefined || few.length < 2 ? 0 : few[1]! - few[0]!;
  const isRow = few !== undefined && a.shape.length === 1 && many !== undefined &&
    many.every((value, i) => value === few[0]! + i * step);
  if (isRow && few.length === from && many.length === to) {
    // `start + i·step` for each place i of the axis.
    const places = applySingle("Range", [
      scalar(0, "int64"),
      applySingle("Squeeze", [length], { dtype: "int64", shape: [] }),
      scalar(1, "int64"),
    ], { dtype: "int64", shape: a.shape });
    return add(mul(places, scalar(step, "int64")), scalar(few[0]!, "int64"));
  }
  throw new TypeError(
    `a graph of any length: expected constants that follow the length, found ${a.dtype} ${
      showShape(a.shape)
    } of ${sizeOf(a.shape)} values at ${from} and ${showShape(b.shape)} at ${to}`,
  );
}

/** The values of an integer constant. */
function valuesOf({ dtype, node }: Tensor): readonly number[] | undefined {
  if (dtype !== "int64") return undefined;
  return Array.from(constantArray(node) as BigInt64Array, Number);
}
