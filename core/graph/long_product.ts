import { reshape, sum } from "./linear.ts";
import { mul } from "./elementwise.ts";
import { apply, applySingle, indices, isConstantOf, isSet } from "./node.ts";
import type { Node, Tensor } from "./tensor.ts";

/**
 * A matrix product with one row and one column as a reduction: a product is the work of one thread
 * for each of its elements, a reduction that of many. For writing a model, so without gradients.
 *
 * @returns `undefined` where the node is no such product.
 */
export function productAsSum({ op, inputs, outputs: [result] }: Node): Tensor | undefined {
  if (op !== "Gemm" && op !== "MatMul" || result!.shape.some((length) => length !== 1)) {
    return undefined;
  }
  const [a, b, c] = inputs as readonly [Tensor, Tensor, Tensor?];
  const [left, right] = [reshape(a, [-1]), reshape(b, [-1])];
  const terms = isConstantOf(a, 1) ? right : isConstantOf(b, 1) ? left : mul(left, right);
  const total = reshape(sum(terms), result!.shape);
  if (c === undefined) return total;
  return applySingle("Add", [total, c], { dtype: total.dtype, shape: total.shape });
}

/**
 * A matrix product as a sum of shorter ones: no more than `longest` terms are added up in one go. For
 * writing a model, so without gradients.
 *
 * @returns `undefined` where the node is no such product, or short enough.
 */
export function shortenProduct(node: Node, longest: number): Tensor | undefined {
  const { op, attributes, outputs: [result] } = node;
  if (op !== "Gemm" && op !== "MatMul") return undefined;
  const parts = cutTerms(node, longest);
  if (parts.length === 1) return undefined;
  const { dtype, shape } = result!;
  return parts.reduce<Tensor | undefined>((sum, [part, other]) => {
    // A Gemm starts from the sum of those before it.
    if (op === "Gemm") {
      const inputs = sum === undefined ? [part, other] : [part, other, sum];
      return applySingle(op, inputs, { attributes, dtype, shape });
    }
    const product = applySingle(op, [part, other], { dtype, shape });
    return sum === undefined ? product : applySingle("Add", [sum, product], { dtype, shape });
  }, node.inputs[2]);
}

/**
 * The factors of a matrix product, cut along its terms into parts of at most `longest`. For writing a
 * model, so without gradients.
 */
export function cutTerms(
  node: Node,
  longest: number,
): readonly (readonly [a: Tensor, b: Tensor])[] {
  const [a, b] = node.inputs as readonly [Tensor, Tensor];
  const axisA = a.shape.length - (isSet(node, "transA") ? 2 : 1);
  const axisB = b.shape.length - (isSet(node, "transB") ? 1 : 2);
  const terms = a.shape[axisA]!;
  if (terms <= longest) return [[a, b]];
  const lengths = partLengths(terms, longest);
  const others = cut(b, lengths, axisB);
  return cut(a, lengths, axisA).map((part, i) => [part, others[i]!]);
}

/**
 * A convolution of many channels as a sum of such of fewer, under the same conditions; a gradient of a
 * kernel has the batch for channels.
 */
export function shortenConvolution(node: Node, longest: number): Tensor | undefined {
  const { attributes, outputs: [result] } = node;
  const [x, kernel, bias] = node.inputs as readonly [Tensor, Tensor, Tensor?];
  const [, channels, height, width] = kernel.shape as readonly [number, number, number, number];
  const most = Math.max(1, Math.floor(longest / (height * width)));
  if (channels <= most) return undefined;
  const lengths = partLengths(channels, most);
  const kernels = cut(kernel, lengths, 1);
  const { dtype, shape } = result!;
  const { group } = attributes as { readonly group?: { readonly int: number } };
  const groups = group?.int ?? 1;
  const [batch, , ...space] = x.shape as readonly [number, number, number, number];
  const parted = cut(reshape(x, [batch, groups, channels, ...space]), lengths, 2);
  return parted.map((each, i) => {
    const part = reshape(each, [batch, groups * lengths[i]!, ...space]);
    const inputs = [part, kernels[i], ...(bias === undefined || i > 0 ? [] : [bias])];
    return applySingle("Conv", inputs, { attributes, dtype, shape });
  }).reduce((sum, part) => applySingle("Add", [sum, part], { dtype, shape }));
}

function partLengths(whole: number, most: number): readonly number[] {
  return Array.from(
    { length: Math.ceil(whole / most) },
    (_, i) => Math.min(most, whole - i * most),
  );
}

function cut(x: Tensor, lengths: readonly number[], axis: number): readonly Tensor[] {
  return apply("Split", [x, indices(lengths)], {
    attributes: { axis: { int: axis } },
    outputs: lengths.map((length) => ({ dtype: x.dtype, shape: x.shape.with(axis, length) })),
  });
}
