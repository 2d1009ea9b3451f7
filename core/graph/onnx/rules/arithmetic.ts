/**
 * Element by element, of two operands and more.
 *
 * @module
 */
import { broadcastShapes } from "../../broadcast.ts";
import { cast } from "../../cast.ts";
import { equal, greater, greaterOrEqual, less, not, where } from "../../comparison.ts";
import { add, clip, div, maximum, minimum, mul, pow, sub } from "../../elementwise.ts";
import { applySingle } from "../../node.ts";
import { isFloating } from "../../operand.ts";
import type { Tensor } from "../../tensor.ts";
import { sumTo } from "../../linear.ts";
import type { OnnxCall, Rule, Rules } from "../call.ts";
import { recognizeMaskedSoftmax, recognizeProduct } from "./patterns.ts";
import { plain, plainPair } from "./plain.ts";
import { scalarValue } from "./scalar_value.ts";

const pair = (f: (a: Tensor, b: Tensor) => Tensor): Rule => ({ input }) => f(input(0), input(1));

/** The operands one after another. */
const several = (f: (a: Tensor, b: Tensor) => Tensor): Rule => (call) => all(call).reduce(f);

function all({ input, operands }: OnnxCall): readonly Tensor[] {
  return Array.from({ length: operands }, (_, i) => input(i));
}

/** Arithmetic, comparisons and choices. */
export const arithmeticRules: Rules = {
  Add: pair(add),
  Sub: pair(sub),
  Div: pair(div),
  Mul: ({ input }) => {
    const product = mul(input(0), input(1));
    return recognizeProduct(product) ?? product;
  },
  Pow: ({ input }) => power(input(0), input(1)),
  Mod: ({ input, int }) => remainder(input(0), input(1), int("fmod", 0)),
  Max: several(maximum),
  Min: several(minimum),
  Sum: several(add),
  Mean: (call) => div(all(call).reduce(add), call.operands),
  Clip: ({ input, optional }) => clipped(input(0), optional(1), optional(2)),
  Equal: pair(equal),
  Greater: pair(greater),
  GreaterOrEqual: pair(greaterOrEqual),
  Less: pair(less),
  LessOrEqual: plainPair("bool"),
  And: plainPair("bool"),
  Or: plainPair("bool"),
  Xor: plainPair("bool"),
  Not: ({ input }) => not(input(0)),
  BitwiseAnd: plainPair(),
  BitwiseOr: plainPair(),
  BitwiseXor: plainPair(),
  BitwiseNot: ({ op, input }) => plain(op, [input(0)]),
  BitShift: ({ op, input, string }) => {
    const [a, b] = [input(0), input(1)];
    const attributes = { direction: { string: string("direction", "") } };
    return plain(op, [a, b], { shape: broadcastShapes(op, a.shape, b.shape), attributes });
  },
  Where: ({ input }) => {
    const [condition, a, b] = [input(0), input(1), input(2)];
    return recognizeMaskedSoftmax(condition, a, b) ?? where(condition, a, b);
  },
};

function power(x: Tensor, exponent: Tensor): Tensor {
  if (!isFloating(x.dtype)) {
    const shape = broadcastShapes("Pow", x.shape, exponent.shape);
    return plain("Pow", [x, exponent], { shape });
  }
  const stretches = exponent.shape.length > x.shape.length;
  const value = stretches ? undefined : scalarValue(exponent);
  if (value === 2) return mul(x, x);
  if (value === 3) return mul(mul(x, x), x);
  return pow(x, cast(exponent, x.dtype));
}

/** With `fmod` the sign is the dividend's, else the divisor's; real numbers have `fmod` alone. */
function remainder(a: Tensor, b: Tensor, fmod: number): Tensor {
  const shape = broadcastShapes("Mod", a.shape, b.shape);
  const attributes = { fmod: { int: fmod } };
  if (!isFloating(a.dtype)) return plain("Mod", [a, b], { shape, attributes });
  return applySingle("Mod", [a, b], {
    attributes,
    dtype: a.dtype,
    shape,
    // a mod b = a − b · n for a whole n, which steps of a and b leave as it is.
    gradient: ([g], node) => [
      sumTo(g!, a.shape),
      sumTo(mul(g!, div(sub(node.outputs[0]!, a), b)), b.shape),
    ],
  });
}

function clipped(x: Tensor, low: Tensor | undefined, high: Tensor | undefined): Tensor {
  const bounds = [low, high].map((each) => each === undefined ? undefined : scalarValue(each));
  const isKnown = (low === undefined || bounds[0] !== undefined) &&
    (high === undefined || bounds[1] !== undefined);
  const [least = -Infinity, most = Infinity] = bounds;
  if (isKnown && isFloating(x.dtype) && least <= most) return clip(x, least, most);
  const raised = low === undefined ? x : maximum(x, low);
  return high === undefined ? raised : minimum(raised, high);
}
