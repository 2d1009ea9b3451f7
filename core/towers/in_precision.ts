import { mapTensors, tensorsOf } from "../device/typed_program.ts";
import { inHalf } from "../graph/half_precision.ts";
import type { Precision } from "../precision.ts";

/** A structure of symbolic tensors as a precision computes them; for writing a program. */
export function inPrecision<T extends object>(tensors: T, precision: Precision): T {
  if (precision === "float32") return tensors;
  const computed = [...inHalf(tensorsOf(tensors))];
  return mapTensors(tensors, () => computed.shift()!);
}
