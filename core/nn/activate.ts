import { gelu, geluTanh, quickGelu, silu } from "../graph/activation.ts";
import type { Tensor } from "../graph/tensor.ts";
import type { Activation } from "./transformer_config.ts";

/** The activation by its name. */
export function activate(x: Tensor, activation: Activation): Tensor {
  return FUNCTIONS[activation](x);
}

const FUNCTIONS: Readonly<Record<Activation, (x: Tensor) => Tensor>> = {
  quick_gelu: quickGelu,
  gelu,
  gelu_tanh: geluTanh,
  silu,
};
