/**
 * Where positions that tensors are read or written at come from.
 *
 * @module
 */
import { constantArray } from "./constant_array.ts";
import type { HostArray } from "../device/device.ts";
import type { Signature } from "./to_model.ts";
import type { Tensor } from "./tensor.ts";
import { topologicalOrder } from "./topology.ts";

/** Positions of a graph input: they must lie from −length to length − 1. */
export interface PositionInput {
  /** The input's name. */
  readonly name: string;
  /** The length of the axis. */
  readonly length: number;
  /** What reads or writes there: `"Gather"`. */
  readonly op: string;
}

/**
 * The graph input, constant or maximum's place that positions in an axis of this length are; `undefined`
 * where they are computed otherwise.
 */
export function knownPositions(positions: Tensor, length: number): Tensor | undefined {
  const { node } = positions;
  switch (node.op) {
    case "Reshape":
    case "Transpose":
    case "Expand":
    case "Identity":
      return knownPositions(node.inputs[0]!, length);
    case "input":
    case "constant":
      return positions;
    case "ArgMax": {
      const { axis } = node.attributes as { readonly axis: { readonly int: number } };
      return node.inputs[0]!.shape[axis.int]! <= length ? positions : undefined;
    }
    default:
      return undefined;
  }
}

/**
 * The graph inputs that are used as positions.
 *
 * @throws {RangeError} if a constant lies outside of its axis.
 */
export function positionInputs({ outputs }: Pick<Signature, "outputs">): readonly PositionInput[] {
  const found: PositionInput[] = [];
  for (const { op, inputs, attributes } of topologicalOrder(Object.values(outputs))) {
    if (op !== "Gather" && op !== "ScatterND") continue;
    const [table, positions] = inputs as readonly [Tensor, Tensor];
    const axis = op === "Gather" ? (attributes.axis as { readonly int: number }).int : 0;
    const length = table.shape[axis]!;
    const source = knownPositions(positions, length)?.node;
    if (source?.op === "input") found.push({ name: source.inputName!, length, op });
    if (source?.op === "constant") {
      checkPositions(constantArray(source), { name: "a constant", length, op });
    }
  }
  return found;
}

/**
 * Refuses positions outside of an axis, as ONNX Runtime's CPU does.
 *
 * @throws {RangeError} with the first of them.
 */
export function checkPositions(
  values: HostArray,
  { name, length, op }: PositionInput,
): void {
  for (const value of values) {
    if (value >= -length && value < length) continue;
    throw new RangeError(
      `${op}: expected positions from ${-length} to ${length - 1} in ${name}, found ${value}`,
    );
  }
}
