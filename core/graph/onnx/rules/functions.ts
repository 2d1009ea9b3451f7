/**
 * Functions of single numbers.
 *
 * @module
 */
import { gelu, geluTanh, quickGelu, silu } from "../../activation.ts";
import { cast } from "../../cast.ts";
import { greater, greaterOrEqual, isNaNumber, less, where } from "../../comparison.ts";
import {
  abs,
  add,
  clip,
  div,
  erf,
  exp,
  log,
  maximum,
  minimum,
  mul,
  neg,
  reciprocal,
  relu,
  sigmoid,
  sign,
  sqrt,
  sub,
  tanh,
} from "../../elementwise.ts";
import { isFloating } from "../../operand.ts";
import type { Tensor } from "../../tensor.ts";
import {
  acos,
  acosh,
  asin,
  asinh,
  atan,
  atanh,
  cos,
  cosh,
  sin,
  sinh,
  tan,
} from "../../trigonometry.ts";
import type { Rule, Rules } from "../call.ts";
import { plain } from "./plain.ts";

/** Of real numbers with a gradient, of others as it stands. */
const real = (f: (x: Tensor) => Tensor): Rule => ({ op, input }) => {
  const x = input(0);
  return isFloating(x.dtype) ? f(x) : plain(op, [x]);
};

/** A step: its gradient is 0 wherever it has one. */
const step: Rule = ({ op, input }) => plain(op, [input(0)]);

const swish = (x: Tensor, alpha: number): Tensor =>
  alpha === 1 ? silu(x) : mul(x, sigmoid(mul(x, alpha)));

/** `log(1 + eˣ)`, without its overflow. */
const softplus = (x: Tensor): Tensor => add(relu(x), log(add(exp(neg(abs(x))), 1)));

/** `α (eˣ − 1)` below 0; the power is kept small where it is not wanted, for its gradient's sake. */
const below = (x: Tensor, alpha: number): Tensor => mul(sub(exp(minimum(x, 0)), 1), alpha);

/** Functions, activations and steps. */
export const functionRules: Rules = {
  Abs: real(abs),
  Neg: real(neg),
  Sign: real(sign),
  Exp: real(exp),
  Log: real(log),
  Sqrt: real(sqrt),
  Reciprocal: real(reciprocal),
  Erf: real(erf),
  Sigmoid: real(sigmoid),
  Tanh: real(tanh),
  Sin: real(sin),
  Cos: real(cos),
  Tan: real(tan),
  Asin: real(asin),
  Acos: real(acos),
  Atan: real(atan),
  Sinh: real(sinh),
  Cosh: real(cosh),
  Asinh: real(asinh),
  Acosh: real(acosh),
  Atanh: real(atanh),
  Relu: real(relu),
  Softplus: real(softplus),
  Floor: step,
  Ceil: step,
  Round: step,
  IsNaN: ({ input }) => isNaNumber(input(0)),
  IsInf: ({ op, input, int }) =>
    plain(op, [input(0)], {
      dtype: "bool",
      attributes: {
        detect_negative: { int: int("detect_negative", 1) },
        detect_positive: { int: int("detect_positive", 1) },
      },
    }),
  Gelu: ({ input, string, refuse }) => {
    const form = string("approximate", "none");
    if (form === "none") return gelu(input(0));
    return form === "tanh" ? geluTanh(input(0)) : refuse("approximate none or tanh", form);
  },
  Swish: ({ input, float }) => swish(input(0), float("alpha", 1)),
  SwiGLU: ({ input, float }) => mul(swish(input(0), float("alpha", 1)), input(1)),
  HardSigmoid: ({ input, float }) =>
    clip(add(mul(input(0), float("alpha", 0.2)), float("beta", 0.5)), 0, 1),
  HardSwish: ({ input }) => mul(input(0), clip(add(mul(input(0), 1 / 6), 0.5), 0, 1)),
  Mish: ({ input }) => mul(input(0), tanh(softplus(input(0)))),
  Softsign: ({ input }) => div(input(0), add(abs(input(0)), 1)),
  LeakyRelu: ({ input, float }) => leaky(input(0), float("alpha", 0.01)),
  PRelu: ({ input }) => leaky(input(0), input(1)),
  ThresholdedRelu: ({ input, float }) => where(greater(input(0), float("alpha", 1)), input(0), 0),
  Elu: ({ input, float }) => {
    const x = input(0);
    return where(less(x, 0), below(x, float("alpha", 1)), x);
  },
  Selu: ({ input, float }) => {
    const x = input(0);
    // The defaults of the standard are these float32 numbers.
    const alpha = float("alpha", 1.6732631921768188);
    return mul(where(greater(x, 0), x, below(x, alpha)), float("gamma", 1.0507010221481323));
  },
  Celu: ({ input, float }) => {
    const [x, alpha] = [input(0), float("alpha", 1)];
    return add(maximum(x, 0), below(div(x, alpha), alpha));
  },
  Shrink: ({ input, float }) => {
    const [x, lambda, bias] = [input(0), float("lambd", 0.5), float("bias", 0)];
    if (!isFloating(x.dtype)) {
      return cast(shrink(cast(x, "float32"), lambda, bias), x.dtype);
    }
    return shrink(x, lambda, bias);
  },
};

/** ONNX Runtime's own, outside of the standard: what CLIP's activation is written as here. */
export const runtimeRules: Rules = {
  QuickGelu: ({ input, float }) => {
    const [x, alpha] = [input(0), Math.fround(float("alpha", 1.702))];
    return alpha === Math.fround(1.702) ? quickGelu(x) : swish(x, alpha);
  },
};

function leaky(x: Tensor, slope: Tensor | number): Tensor {
  return where(greaterOrEqual(x, 0), x, mul(x, slope));
}

function shrink(x: Tensor, lambda: number, bias: number): Tensor {
  const low = where(less(x, -lambda), add(x, bias), 0);
  return where(greater(x, lambda), sub(x, bias), low);
}
