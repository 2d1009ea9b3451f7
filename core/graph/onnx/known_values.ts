/**
 * Values that a graph has whatever its inputs are: shapes and places are computed of them while a model
 * is read.
 *
 * @module
 */
import { constantArray } from "../constant_array.ts";
import { onnxTypes } from "../cast.ts";
import { sizeOf } from "../node.ts";
import { isFloating } from "../operand.ts";
import type { Attribute, DType, Node, Shape, Tensor } from "../tensor.ts";
import { binaryValues, broadcastValues, type Combine } from "./broadcast_values.ts";
import { foldValues, indexValues } from "./index_values.ts";

/** Numbers in row-major order; those of int64 are as exact as a number is. */
export type Values = readonly number[];

const computed = new WeakMap<Node, readonly Values[] | "unknown">();

/** More elements than shapes and masks have are left to the device. */
const MOST = 2 ** 20;

/** The values of a tensor that depends on constants alone; `undefined` if it does not. */
export function knownValues(tensor: Tensor): Values | undefined {
  const found = valuesOfNode(tensor.node);
  return found === "unknown" ? undefined : found[tensor.output];
}

function valuesOfNode(node: Node): readonly Values[] | "unknown" {
  let found = computed.get(node);
  if (found === undefined) computed.set(node, found = evaluate(node));
  return found;
}

function evaluate(node: Node): readonly Values[] | "unknown" {
  const { op, inputs, outputs, domain } = node;
  if (op === "constant") return [constantValues(node)];
  if (
    op === "input" || domain !== "" || outputs.some(({ shape }) => sizeOf(shape) > MOST)
  ) return "unknown";
  const values: Values[] = [];
  const operands: Tensor[] = [];
  for (const operand of inputs) {
    if (operand === undefined) return "unknown";
    const known = knownValues(operand);
    if (known === undefined) return "unknown";
    values.push(known);
    operands.push(operand);
  }
  const rounded = compute(node, operands, values)?.map((each, i) =>
    roundTo(outputs[i]!.dtype, each)
  );
  return rounded ?? "unknown";
}

function constantValues(node: Node): Values {
  const values = constantArray(node);
  if (node.outputs[0]!.dtype !== "float16") {
    return Array.from(values as ArrayLike<number | bigint>, Number);
  }
  return Array.from(new Float16Array(values.buffer, values.byteOffset, values.length));
}

const binary: Readonly<Record<string, Combine>> = {
  Add: (a, b) => a + b,
  Sub: (a, b) => a - b,
  Mul: (a, b) => a * b,
  Pow: (a, b) => a ** b,
  Max: (a, b) => Math.max(a, b),
  Min: (a, b) => Math.min(a, b),
  Equal: (a, b) => Number(a === b),
  Greater: (a, b) => Number(a > b),
  GreaterOrEqual: (a, b) => Number(a >= b),
  Less: (a, b) => Number(a < b),
  LessOrEqual: (a, b) => Number(a <= b),
  And: (a, b) => Number(a !== 0 && b !== 0),
  Or: (a, b) => Number(a !== 0 || b !== 0),
  Xor: (a, b) => Number((a !== 0) !== (b !== 0)),
};

const unary: Readonly<Record<string, (x: number) => number>> = {
  Identity: (x) => x,
  Neg: (x) => -x,
  Abs: Math.abs,
  Sign: Math.sign,
  Floor: Math.floor,
  Ceil: Math.ceil,
  Sqrt: Math.sqrt,
  Reciprocal: (x) => 1 / x,
  Not: (x) => Number(x === 0),
};

const reductions: Readonly<Record<string, readonly [start: number, Combine]>> = {
  ReduceSum: [0, (a, b) => a + b],
  ReduceMax: [-Infinity, (a, b) => Math.max(a, b)],
  ReduceMin: [Infinity, (a, b) => Math.min(a, b)],
};

function compute(
  { op, attributes, outputs }: Node,
  operands: readonly Tensor[],
  values: readonly Values[],
): readonly Values[] | undefined {
  const [x, y] = operands as readonly [Tensor, Tensor?];
  const [a, b] = values as readonly [Values, Values];
  const { shape, dtype } = outputs[0]!;
  const pairwise = (combine: Combine) => [
    binaryValues(combine, [x.shape, y!.shape, shape], a, b),
  ];
  const combine = binary[op];
  if (combine !== undefined) return pairwise(combine);
  const change = unary[op];
  if (change !== undefined) return [a.map(change)];
  const reduction = reductions[op];
  if (reduction !== undefined) return [foldValues(a, x.shape, b, reduction)];
  switch (op) {
    case "Div":
      return pairwise(isFloating(dtype) ? (a, b) => a / b : (a, b) => Math.trunc(a / b));
    case "Mod":
      return pairwise(
        isInt(attributes.fmod, 1) ? (a, b) => a % b : (a, b) => ((a % b) + b) % b,
      );
    case "Cast":
      return castable(x.dtype, dtype)
        ? [
          dtype === "bool"
            ? a.map((v) => Number(v !== 0))
            : isFloating(dtype)
            ? a
            : a.map(Math.trunc),
        ]
        : undefined;
    case "Reshape":
      return [a];
    case "Expand":
      return [broadcastValues(a, x.shape, shape)];
    case "Where":
      return [whereValues(operands, values, shape)];
    default:
      return indexValues(op, attributes, operands, values, outputs.map(({ shape }) => shape));
  }
}

function whereValues(
  [condition, x, y]: readonly Tensor[],
  [c, a, b]: readonly Values[],
  shape: Shape,
): Values {
  const [first, second] = [
    broadcastValues(a!, x!.shape, shape),
    broadcastValues(b!, y!.shape, shape),
  ];
  return broadcastValues(c!, condition!.shape, shape)
    .map((each, i) => each !== 0 ? first[i]! : second[i]!);
}

function castable(from: DType, to: DType): boolean {
  return from in onnxTypes && to in onnxTypes;
}

function isInt(attribute: Attribute | undefined, value: number): boolean {
  return attribute !== undefined && "int" in attribute && attribute.int === value;
}

function roundTo(dtype: DType, values: Values): Values {
  switch (dtype) {
    case "float32":
      return values.map(Math.fround);
    case "float16":
      return values.map(Math.f16round);
    case "int32":
      return values.map((value) => value | 0);
    case "uint8":
      return values.map((value) => value & 255);
    case "int64":
      // There is one zero alone.
      return values.map((value) => value + 0);
    default:
      return values;
  }
}
