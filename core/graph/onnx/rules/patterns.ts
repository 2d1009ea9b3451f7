/**
 * Forms in which exporters write activations out, as the functions that they are: fewer operators, and a
 * gradient that holds where that of the parts does not.
 *
 * @module
 */
import { gelu, geluTanh, quickGelu } from "../../activation.ts";
import { sameShape } from "../../node.ts";
import { softmaxOrZero } from "../../softmax.ts";
import type { Node, Tensor } from "../../tensor.ts";
import { scalarValue } from "./scalar_value.ts";

/** A product that is an activation: `x · σ(1.702 x)`, or GELU by erf or tanh. */
export function recognizeProduct(product: Tensor): Tensor | undefined {
  return recognizeQuickGelu(product.node) ?? recognizeGelu(product);
}

/** A softmax whose NaN become 0: `where(isNaN(y), 0, y)`. */
export function recognizeMaskedSoftmax(
  condition: Tensor,
  chosen: Tensor,
  y: Tensor,
): Tensor | undefined {
  const isIt = condition.node.op === "IsNaN" && condition.node.inputs[0] === y &&
    y.node.op === "Softmax" && scalarValue(chosen) === 0;
  if (!isIt) return undefined;
  const { axis } = y.node.attributes as { readonly axis: { readonly int: number } };
  return softmaxOrZero(y.node.inputs[0]!, axis.int);
}

function recognizeQuickGelu({ inputs }: Node): Tensor | undefined {
  const [a, b] = inputs as readonly [Tensor, Tensor];
  for (const [x, gate] of [[a, b], [b, a]] as const) {
    if (gate.node.op !== "Sigmoid" || x.dtype !== "float32") continue;
    const { factor, rest } = factorsOf(gate.node.inputs[0]!, new Set([x]));
    if (near(factor, 1.702) && isOnly(rest, [x])) return quickGelu(x);
  }
  return undefined;
}

function recognizeGelu(product: Tensor): Tensor | undefined {
  for (const gate of gatesIn(product)) {
    const inner = gate.node.inputs.find((each) => scalarValue(each!) === undefined)!;
    const argument = inner.node.inputs[0]!;
    for (const x of candidates(argument)) {
      const { factor, rest } = factorsOf(product, new Set([x, gate]));
      const fits = near(factor, 0.5) && rest.length === 2 && rest.includes(x) &&
        rest.includes(gate) && sameShape(x.shape, product.shape);
      if (!fits) continue;
      if (inner.node.op === "Erf") {
        const scaled = factorsOf(argument, new Set([x]));
        if (near(scaled.factor, Math.SQRT1_2) && isOnly(scaled.rest, [x])) return gelu(x);
      } else if (isCubic(argument, x)) return geluTanh(x);
    }
  }
  return undefined;
}

/** Factors of a product that are `1 + erf(…)` or `1 + tanh(…)`. */
function gatesIn(product: Tensor, depth = 2): readonly Tensor[] {
  const { op, inputs } = product.node;
  if (op === "Mul" && depth > 0) {
    return inputs.flatMap((each) => gatesIn(each!, depth - 1));
  }
  if (op !== "Add") return [];
  const isGate = inputs.some((each) => scalarValue(each!) === 1) &&
    inputs.some((each) => each!.node.op === "Erf" || each!.node.op === "Tanh");
  return isGate ? [product] : [];
}

/** What an activation's argument may be made of, from the outside to the inside. */
function candidates(argument: Tensor, depth = 5): readonly Tensor[] {
  const { op, inputs } = argument.node;
  if (depth === 0 || !["Mul", "Div", "Add"].includes(op)) return [argument];
  return [argument, ...inputs.flatMap((each) => candidates(each!, depth - 1))];
}

/** Whether it is `√(2/π) · (x + 0.044715 x³)`, factored out or not. */
function isCubic(argument: Tensor, x: Tensor): boolean {
  const stops = new Set([x]);
  const { factor, rest } = factorsOf(argument, stops);
  if (!near(factor, Math.sqrt(2 / Math.PI))) return false;
  const sum = rest.find(({ node }) => node.op === "Add");
  const isOut = rest.length === 2 && rest.includes(x);
  if (sum === undefined || !(isOut || rest.length === 1)) return false;
  const terms = sum.node.inputs.map((each) => factorsOf(each!, stops));
  const has = (factor: number, power: number) =>
    terms.some((term) => near(term.factor, factor) && isOnly(term.rest, Array(power).fill(x)));
  return isOut ? has(1, 0) && has(0.044715, 2) : has(1, 1) && has(0.044715, 3);
}

interface Factors {
  /** All that are constants, multiplied. */
  readonly factor: number;
  /** The others. */
  readonly rest: readonly Tensor[];
}

/** A product taken apart, down to what stands in `stops`. */
function factorsOf(tensor: Tensor, stops: ReadonlySet<Tensor>): Factors {
  if (stops.has(tensor)) return { factor: 1, rest: [tensor] };
  const value = scalarValue(tensor);
  if (value !== undefined) return { factor: value, rest: [] };
  const [a, b] = tensor.node.inputs as readonly [Tensor, Tensor];
  if (tensor.node.op === "Mul") {
    const [left, right] = [factorsOf(a, stops), factorsOf(b, stops)];
    return { factor: left.factor * right.factor, rest: [...left.rest, ...right.rest] };
  }
  if (tensor.node.op === "Div") {
    const divisor = scalarValue(b);
    if (divisor !== undefined) {
      const { factor, rest } = factorsOf(a, stops);
      return { factor: factor / divisor, rest };
    }
  }
  return { factor: 1, rest: [tensor] };
}

function isOnly(found: readonly Tensor[], expected: readonly Tensor[]): boolean {
  return found.length === expected.length && found.every((each, i) => each === expected[i]);
}

/** Whether a constant is the one that is meant, rounded to float32. */
function near(value: number, expected: number): boolean {
  return Math.abs(value - expected) <= 1e-6 * expected;
}
