/**
 * The activations of transformers.
 *
 * @module
 */
import { add, erf, mul, sigmoid, sub, tanh } from "./elementwise.ts";
import { applySingle } from "./node.ts";
import type { Tensor } from "./tensor.ts";

/** OpenAI's CLIP: `x · sigmoid(1.702 x)`. */
export function quickGelu(x: Tensor): Tensor {
  // ONNX Runtime's own operator takes single floats only.
  if (x.dtype !== "float32") return mul(x, sigmoid(mul(x, QUICK)));
  return applySingle("QuickGelu", [x], {
    domain: "com.microsoft",
    attributes: { alpha: { float: QUICK } },
    dtype: x.dtype,
    shape: x.shape,
    // With s = sigmoid(αx) and y = x·s: dy/dx = s·(1 + α·(x − y)); fewer passes over memory than
    // the rules of the parts one after another.
    gradient: ([g], node) => {
      const s = sigmoid(mul(x, QUICK));
      const slope = add(mul(sub(x, node.outputs[0]!), QUICK), 1);
      return [mul(mul(g!, s), slope)];
    },
  });
}

const QUICK = 1.702;

/** Exact GELU: `x/2 · (1 + erf(x/√2))`. */
export function gelu(x: Tensor): Tensor {
  return mul(mul(x, 0.5), add(erf(mul(x, Math.SQRT1_2)), 1));
}

/** GELU by the hyperbolic tangent: `x/2 · (1 + tanh(√(2/π) · (x + 0.044715 x³)))`. */
export function geluTanh(x: Tensor): Tensor {
  const cubic = mul(x, add(mul(mul(x, x), 0.044715), 1));
  return mul(mul(x, 0.5), add(tanh(mul(cubic, Math.sqrt(2 / Math.PI))), 1));
}

/** SiLU, or swish: `x · sigmoid(x)`. */
export function silu(x: Tensor): Tensor {
  return mul(x, sigmoid(x));
}
