import { sizeOf } from "../../node.ts";
import type { Tensor } from "../../tensor.ts";
import { knownValues } from "../known_values.ts";

/** The value of a constant that has one. */
export function scalarValue(tensor: Tensor): number | undefined {
  return sizeOf(tensor.shape) === 1 ? knownValues(tensor)?.[0] : undefined;
}
