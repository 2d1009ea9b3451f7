/**
 * Making nodes: the one place where tensors come into being.
 *
 * @module
 */
import type { Attribute, DType, GradientRule, Node, Shape, Tensor } from "./tensor.ts";

/**
 * Applies an ONNX operator. The operators of this folder are made with it, and a plugin makes its
 * own the same way.
 *
 * @param definition How the node is made.
 * @param definition.attributes Default: none.
 * @param definition.outputs Type and shape of every output, in ONNX's order.
 * @param definition.gradient Left out where no gradient flows.
 * @param definition.domain Default `""`, ONNX's own operators.
 * @returns the node's outputs.
 */
export function apply(
  op: string,
  inputs: readonly (Tensor | undefined)[],
  definition: {
    readonly attributes?: Readonly<Record<string, Attribute>>;
    readonly outputs: readonly { readonly dtype: DType; readonly shape: Shape }[];
    readonly gradient?: GradientRule;
    readonly domain?: string;
  },
): readonly Tensor[] {
  return createNode({
    op,
    domain: definition.domain ?? "",
    inputs,
    attributes: definition.attributes ?? {},
    ...(definition.gradient === undefined ? {} : { gradient: definition.gradient }),
  }, definition.outputs).outputs;
}

/** {@linkcode apply} for an operator with one output. */
export function applySingle(
  op: string,
  inputs: readonly (Tensor | undefined)[],
  definition: Omit<Parameters<typeof apply>[2], "outputs"> & {
    readonly dtype: DType;
    readonly shape: Shape;
  },
): Tensor {
  const { dtype, shape, ...rest } = definition;
  return apply(op, inputs, { ...rest, outputs: [{ dtype, shape }] })[0]!;
}

/**
 * An input of the graph.
 *
 * @throws {RangeError} if a length is not a whole number of at least 0.
 *
 * @example
 * ```ts
 * import { input } from "@syntagma/syntagma/graph";
 *
 * const pixels = input("pixels", "float32", [8, 3, 224, 224]);
 * ```
 */
export function input(name: string, dtype: DType, shape: Shape): Tensor {
  if (name === "") throw new RangeError("input(name): expected a name, found an empty string");
  checkShape(`input "${name}"`, shape);
  return createNode({ op: "input", domain: "", inputs: [], attributes: {}, inputName: name }, [
    { dtype, shape },
  ]).outputs[0]!;
}

/**
 * A tensor with fixed values, in row-major order.
 *
 * @throws {TypeError} if `data` has not as many elements as `shape`.
 * @throws {RangeError} if an integer type cannot hold a value.
 */
export function constant(
  data: readonly number[] | Float32Array | Float64Array | Int32Array | Uint8Array | BigInt64Array,
  shape: Shape,
  dtype: DType = "float32",
): Tensor {
  checkShape("constant", shape);
  if (data.length !== sizeOf(shape)) {
    throw new TypeError(
      `constant: shape ${showShape(shape)} needs ${sizeOf(shape)} values, found ${data.length}`,
    );
  }
  return createNode({
    op: "constant",
    domain: "",
    inputs: [],
    attributes: {},
    constantBytes: encode(data, dtype),
  }, [{ dtype, shape }]).outputs[0]!;
}

/** A constant of the bytes that its values have, as many as `shape` and type need, little-endian. */
export function constantOfBytes(bytes: Uint8Array, shape: Shape, dtype: DType): Tensor {
  checkShape("constant", shape);
  const source = { op: "constant", domain: "", inputs: [], attributes: {} };
  return createNode({ ...source, constantBytes: bytes }, [{ dtype, shape }]).outputs[0]!;
}

/** A constant without axes. */
export function scalar(value: number, dtype: DType = "float32"): Tensor {
  return constant([value], [], dtype);
}

/** A constant of zeros. */
export function zeros(shape: Shape, dtype: DType = "float32"): Tensor {
  return fill(0, shape, dtype);
}

/** A constant of ones. */
export function ones(shape: Shape, dtype: DType = "float32"): Tensor {
  return fill(1, shape, dtype);
}

/** A one-dimensional int64 constant, the form in which ONNX takes axes, shapes and positions. */
export function indices(values: readonly number[]): Tensor {
  return constant(values, [values.length], "int64");
}

/** Whether an attribute of a node that is 0 or 1 stands at 1. */
export function isSet({ attributes }: Node, name: string): boolean {
  const value = attributes[name];
  return value !== undefined && "int" in value && value.int === 1;
}

/** Whether every value of a tensor is known to be `value`, 0 or 1: a constant, or one stretched. */
export function isConstantOf({ node, dtype }: Tensor, value: 0 | 1): boolean {
  const source = node.op === "Expand" ? node.inputs[0]!.node : node;
  if (source.op !== "constant") return false;
  const { dtype: own, shape } = source.outputs[0]!;
  const expected = encode(new Array(sizeOf(shape)).fill(value), own);
  return own === dtype && expected.every((byte, i) => byte === source.constantBytes![i]);
}

/** Number of elements of a shape. */
export function sizeOf(shape: Shape): number {
  return shape.reduce((product, length) => product * length, 1);
}

/** A shape as error messages show it: `[2, 3]`. */
export function showShape(shape: Shape): string {
  return `[${shape.join(", ")}]`;
}

/** Whether two shapes are the same. */
export function sameShape(a: Shape, b: Shape): boolean {
  return a.length === b.length && a.every((length, axis) => length === b[axis]);
}

/**
 * An axis counted from the front; negative ones count from the back.
 *
 * @throws {RangeError} if the tensor has no such axis.
 */
export function normalizeAxis(operator: string, axis: number, rank: number): number {
  if (!Number.isInteger(axis) || axis < -rank || axis >= rank) {
    throw new RangeError(
      `${operator}: expected an axis from ${-rank} to ${rank - 1}, found ${axis}`,
    );
  }
  return axis < 0 ? axis + rank : axis;
}

// Large blocks of one value as a node, not as bytes in the model: a gradient's zeros can be as
// large as a vocabulary's embedding.
const LARGEST_INLINE_FILL = 64;

function fill(value: number, shape: Shape, dtype: DType): Tensor {
  const size = sizeOf(shape);
  if (size <= LARGEST_INLINE_FILL) return constant(new Array(size).fill(value), shape, dtype);
  const single = scalar(value, dtype);
  return applySingle("Expand", [single, indices(shape)], { dtype, shape });
}

function createNode(
  definition: Omit<Node, "outputs">,
  outputs: readonly { readonly dtype: DType; readonly shape: Shape }[],
): Node {
  const tensors: Tensor[] = [];
  const node: Node = { ...definition, outputs: tensors };
  for (const [index, { dtype, shape }] of outputs.entries()) {
    tensors.push({ dtype, shape, node, output: index });
  }
  return node;
}

function checkShape(what: string, shape: Shape): void {
  if (!shape.every((length) => Number.isInteger(length) && length >= 0)) {
    throw new RangeError(
      `${what}: expected whole lengths of at least 0, found ${showShape(shape)}`,
    );
  }
}

/** Values that a constant can be made of. */
type ConstantData = Parameters<typeof constant>[0];

function encode(data: ConstantData, dtype: DType): Uint8Array {
  switch (dtype) {
    case "float32":
      return bytesOf(new Float32Array(numbersOf(data)));
    case "float64":
      return bytesOf(new Float64Array(numbersOf(data)));
    case "int32":
      return bytesOf(exactly(new Int32Array(numbersOf(data)), data, dtype));
    case "int64":
      return bytesOf(
        BigInt64Array.from(data as Iterable<number | bigint>, (value) => {
          if (typeof value === "number" && !Number.isInteger(value)) throw notHeld(dtype, value);
          return BigInt(value);
        }),
      );
    case "uint8":
      return bytesOf(exactly(new Uint8Array(numbersOf(data)), data, dtype));
    case "bool":
      return bytesOf(
        Uint8Array.from(data as Iterable<number | bigint>, (value) => Number(value) === 0 ? 0 : 1),
      );
    case "float16":
      return bytesOf(new Float16Array(numbersOf(data)));
  }
}

// A typed array takes numbers at once, by hundreds of times faster than one by one: a model's weights are
// many.
function numbersOf(data: ConstantData): Exclude<ConstantData, BigInt64Array> {
  return data instanceof BigInt64Array ? Array.from(data, Number) : data;
}

// Typed arrays cut off fractions and wrap around in silence.
function exactly<T extends Int32Array | Uint8Array>(kept: T, data: ConstantData, dtype: DType): T {
  for (const [i, value] of data.entries()) {
    if (kept[i] !== Number(value)) throw notHeld(dtype, value);
  }
  return kept;
}

function notHeld(dtype: DType, value: number | bigint): RangeError {
  return new RangeError(`constant: expected values that ${dtype} can hold, found ${value}`);
}

function bytesOf(array: ArrayBufferView): Uint8Array {
  return new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
}
