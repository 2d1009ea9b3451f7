/**
 * Symbolic tensors: what flows along the edges of a graph. A tensor has an element type, a static
 * shape and the node that makes it, and no values.
 *
 * @module
 */

/** Element types, by their ONNX names in lower case. */
export type DType = "float32" | "float64" | "float16" | "int64" | "int32" | "uint8" | "bool";

/** Lengths of the axes; `[]` is a scalar. */
export type Shape = readonly number[];

/** An edge of a graph. */
export interface Tensor {
  /** The type of every element. */
  readonly dtype: DType;
  /** Static shape, every length known. */
  readonly shape: Shape;
  /** The node whose output this is. */
  readonly node: Node;
  /** Which output of the node. */
  readonly output: number;
}

/**
 * From the gradient of each of a node's outputs, where one arrives, to one for each of its inputs,
 * `undefined` where none flows; in the graph's own operators.
 */
export type GradientRule = (
  gradients: readonly (Tensor | undefined)[],
  node: Node,
) => readonly (Tensor | undefined)[];

/** A value of an ONNX node attribute. */
export type Attribute =
  | { readonly int: number }
  | { readonly float: number }
  | { readonly string: string }
  | { readonly ints: readonly number[] };

/** An operator applied to tensors, or a source: a graph input or a constant. */
export interface Node {
  /** ONNX operator type, or `"input"` / `"constant"` for a source. */
  readonly op: string;
  /** Operator domain: `""` is ONNX itself, `"com.microsoft"` ONNX Runtime's own. */
  readonly domain: string;
  /** Operands; `undefined` marks an optional one that is left out. */
  readonly inputs: readonly (Tensor | undefined)[];
  /** ONNX attributes. */
  readonly attributes: Readonly<Record<string, Attribute>>;
  /** Every output, in ONNX's order. */
  readonly outputs: readonly Tensor[];
  /** Absent where no gradient can flow (comparisons, integers, sources). */
  readonly gradient?: GradientRule;
  /** The name of a graph input. */
  readonly inputName?: string;
  /** The values of a constant, in row-major order, little-endian bytes. */
  readonly constantBytes?: Uint8Array;
}
