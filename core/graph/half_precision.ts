/**
 * Graphs in half precision: products and activations in float16, all that adds up many terms or
 * stretches numbers apart in float32, as PyTorch's autocast has it.
 *
 * @module
 */
import { constantArray } from "./constant_array.ts";
import { add } from "./elementwise.ts";
import { cast } from "./cast.ts";
import { cutTerms } from "./long_product.ts";
import { apply, isConstantOf, sameShape, sizeOf } from "./node.ts";
import type { DType, Node, Tensor } from "./tensor.ts";
import { topologicalOrder } from "./topology.ts";

/** Products, which take float16 and give it. */
const PRODUCTS: ReadonlySet<string> = new Set(["Gemm", "MatMul", "Conv", "ConvTranspose"]);

/** What is as exact in float16 as its operands are; in float16 where all of them are. */
const FOLLOWERS: ReadonlySet<string> = new Set([
  ...["Add", "Sub", "Mul", "Neg", "Abs", "Max", "Min", "Clip", "Relu", "Sigmoid", "QuickGelu"],
  ...["Identity", "Reshape", "Transpose", "Expand", "Slice", "Pad", "Concat", "Split"],
  ...["Gather", "Where"],
  ...["Equal", "Less", "LessOrEqual", "Greater", "GreaterOrEqual"],
]);

/**
 * The most terms of a product onto a sum. ONNX Runtime's kernels for WebGPU add up in float16, which
 * after 1,024 terms is about 0.4 % off, and after 12,800 1.2 % (findings/onnxruntime_webgpu_half_sums.sh).
 */
const LONGEST = 1024;

/** The largest number of float16. */
const LARGEST = 65504;

/**
 * A graph in half precision. Everything but products and what follows them stays in float32: norms,
 * softmax, sums, exponentials, and additions onto a float32 tensor (the residual way, sums of
 * gradients). Inputs and outputs keep their types. For writing a model: the nodes have no gradients.
 *
 * @returns what stands for each of `outputs`.
 */
export function inHalf(outputs: readonly Tensor[]): readonly Tensor[] {
  const changed = new Map<Tensor, Tensor>();
  const casts = new Map<Tensor, Tensor>();
  const as = (tensor: Tensor, dtype: DType): Tensor => {
    if (tensor.dtype === dtype) return tensor;
    const [source] = tensor.node.inputs;
    // Float16 that was only looked at as float32 loses nothing on its way back.
    if (tensor.node.op === "Cast" && dtype === "float16" && source!.dtype === dtype) return source!;
    const known = casts.get(tensor) ?? cast(tensor, dtype);
    casts.set(tensor, known);
    return known;
  };
  for (const node of topologicalOrder(outputs)) {
    if (node.inputs.length === 0) continue;
    const operands = node.inputs.map((each) => each && (changed.get(each) ?? each));
    for (const [i, result] of compute(node, operands, as).entries()) {
      changed.set(node.outputs[i]!, result);
    }
  }
  return outputs.map((tensor) => as(changed.get(tensor) ?? tensor, tensor.dtype));
}

type Operands = readonly (Tensor | undefined)[];
type As = (tensor: Tensor, dtype: DType) => Tensor;

/** A node on operands some of which are in float16 now. */
function compute(node: Node, operands: Operands, as: As): readonly Tensor[] {
  const product = PRODUCTS.has(node.op) && !operands.some((each) => each && isConstantOf(each, 1));
  if (product) {
    const [, , c] = operands;
    // A product onto a sum, which stays in float32: a gradient, of as many terms as there are rows.
    if (c !== undefined && sameShape(c.shape, node.outputs[0]!.shape)) {
      return [
        cutTerms({ ...node, inputs: operands }, LONGEST)
          .map((factors) => as(again(node, factors, "float16", as)[0]!, "float32"))
          .reduce(add, as(c, "float32")),
      ];
    }
    return again(node, operands, "float16", as);
  }
  const follows = FOLLOWERS.has(node.op) && isHalf(operands);
  return again(node, operands, follows ? "float16" : "float32", as);
}

/** Whether real numbers come in float16, but for constants that have room in it. */
function isHalf(operands: Operands): boolean {
  const real = operands.filter((each): each is Tensor =>
    each?.dtype === "float16" || each?.dtype === "float32"
  );
  return real.some(({ dtype }) => dtype === "float16") &&
    real.every((each) => each.dtype === "float16" || isSmallConstant(each));
}

function isSmallConstant({ node, shape }: Tensor): boolean {
  if (node.op !== "constant" || sizeOf(shape) !== 1) return false;
  const [value] = constantArray(node) as Float32Array;
  return Math.abs(value!) <= LARGEST;
}

/** The node anew, with real numbers in another type. */
function again(node: Node, operands: Operands, dtype: DType, as: As): readonly Tensor[] {
  const { op, attributes, domain } = node;
  const isReal = (tensor: Tensor) => tensor.dtype === "float16" || tensor.dtype === "float32";
  const inputs = operands.map((each) => each && isReal(each) ? as(each, dtype) : each);
  if (inputs.every((each, i) => each === node.inputs[i])) return node.outputs;
  return apply(op, inputs, {
    attributes,
    domain,
    outputs: node.outputs.map((output) => ({
      ...output,
      dtype: isReal(output) ? dtype : output.dtype,
    })),
  });
}
