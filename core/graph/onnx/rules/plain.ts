import { broadcastShapes } from "../../broadcast.ts";
import { applySingle } from "../../node.ts";
import type { Attribute, DType, Tensor } from "../../tensor.ts";
import type { Rule } from "../call.ts";

/** An operator as it stands, through which no gradient flows: of whole numbers, conditions, steps. */
export function plain(
  op: string,
  inputs: readonly Tensor[],
  { dtype = inputs[0]!.dtype, shape = inputs[0]!.shape, attributes = {} }: {
    readonly dtype?: DType;
    readonly shape?: readonly number[];
    readonly attributes?: Readonly<Record<string, Attribute>>;
  } = {},
): Tensor {
  return applySingle(op, inputs, { dtype, shape, attributes });
}

/** A rule for two operands that stretch to a common shape; the result is of `dtype`, or the first's type. */
export function plainPair(dtype?: DType): Rule {
  return ({ op, input }) => {
    const [a, b] = [input(0), input(1)];
    return plain(op, [a, b], {
      dtype: dtype ?? a.dtype,
      shape: broadcastShapes(op, a.shape, b.shape),
    });
  };
}
