import type { Tensor } from "../../../core/graph/tensor.ts";
import type { Values } from "../reference_math.ts";

/** An operator, its inputs and what must come out. */
export interface ForwardCase {
  readonly name: string;
  readonly inputs: readonly Values[];
  readonly f: (...inputs: Tensor[]) => Tensor;
  readonly expected: Values;
}
