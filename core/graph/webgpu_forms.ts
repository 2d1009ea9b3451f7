/**
 * What ONNX Runtime's kernels for WebGPU compute wrongly, or swallow, written so that it is right there.
 * Other devices compute these operators as they stand, and faster so.
 *
 * @module
 */
import { cast } from "./cast.ts";
import { equal, where } from "./comparison.ts";
import { div, maximum, minimum, sub } from "./elementwise.ts";
import { withFewBuffers } from "./few_buffers.ts";
import { gather, scatterAdd } from "./indexing.ts";
import { reshape, sum } from "./linear.ts";
import { productAsSum, shortenConvolution, shortenProduct } from "./long_product.ts";
import { apply } from "./node.ts";
import { isFloating } from "./operand.ts";
import { knownPositions } from "./positions.ts";
import { mean } from "./reduce.ts";
import { rewrite } from "./rewrite.ts";
import type { Node, Tensor } from "./tensor.ts";

/** The buffers that every GPU binds at once. */
const FEWEST_BUFFERS = 8;

/**
 * A graph as WebGPU computes it rightly.
 *
 * @param buffers The most buffers that the GPU binds at once. Default: what the standard promises.
 * @returns what stands for each of `outputs`.
 */
export function forWebGpu(
  outputs: readonly Tensor[],
  buffers = FEWEST_BUFFERS,
): readonly Tensor[] {
  const safe = rewrite(outputs, (node) => {
    const single = form(node);
    return single === undefined ? several(node) : [single];
  });
  return rewrite(safe, (node) => withFewBuffers(node, buffers));
}

/**
 * Mesa's software driver ends the loops of a shader after 65,535 rounds, without a word; a tiled
 * product makes one for every term and one more for every sixteen.
 */
const LONGEST_PRODUCT = 3 * 2 ** 14;

function form(node: Node): Tensor | undefined {
  switch (node.op) {
    case "Gemm":
    case "MatMul":
      return productAsSum(node) ?? shortenProduct(node, LONGEST_PRODUCT);
    case "Conv":
      return shortenConvolution(node, LONGEST_PRODUCT);
    case "Softmax":
      return keptSoftmax(node);
    case "Gather":
      return checkedGather(node);
    case "ScatterND":
      return checkedScatter(node);
    default:
      return undefined;
  }
}

/**
 * The kernel makes zeros of a row that holds a NaN, or nothing but −∞; the sum of such a row is 0
 * and that of any other 1.
 */
function keptSoftmax({ attributes, outputs: [y] }: Node): Tensor {
  const { axis } = attributes as { readonly axis: { readonly int: number } };
  return div(y!, sum(y!, [axis.int], { keepDims: true }));
}

/**
 * The kernel takes the variance for E[x²] − E[x]², which is lost where the mean is large beside it;
 * it is given what is centred already.
 */
function several({ op, inputs, attributes, outputs }: Node): readonly Tensor[] | undefined {
  if (op !== "LayerNormalization") return undefined;
  const [x, ...rest] = inputs as readonly [Tensor, ...Tensor[]];
  const average = mean(x, [x.shape.length - 1], { keepDims: true });
  const [y, , inverse] = apply(op, [sub(x, average), ...rest], { attributes, outputs });
  return [y!, average, inverse!];
}

/**
 * Where the CPU raises, the kernel reads 0. Positions that the host knows are checked there; others
 * give NaN where they lie outside.
 */
function checkedGather({ inputs, attributes }: Node): Tensor | undefined {
  const [x, positions] = inputs as readonly [Tensor, Tensor];
  const { axis: { int: axis } } = attributes as { readonly axis: { readonly int: number } };
  if (knownPositions(positions, x.shape[axis]!) !== undefined) return undefined;
  if (!isFloating(x.dtype)) {
    throw new TypeError(
      `Gather: of ${x.dtype}, expected positions that do not come from real numbers: a GPU could ` +
        "not say that one lies outside",
    );
  }
  const { inside, safe } = confine(positions, x.shape[axis]!);
  const found = gather(x, safe, axis);
  const stretched = [...inside.shape, ...x.shape.slice(axis + 1).fill(1)];
  return where(reshape(inside, stretched), found, NaN);
}

/** The same of rows that are added to: the kernel adds to the last one. */
function checkedScatter({ inputs }: Node): Tensor | undefined {
  const [base, rows, updates] = inputs as readonly [Tensor, Tensor, Tensor];
  if (knownPositions(rows, base.shape[0]!) !== undefined) return undefined;
  const { inside, safe } = confine(reshape(rows, [-1]), base.shape[0]!);
  return scatterAdd(base, safe, where(reshape(inside, [-1, 1]), updates, NaN));
}

/** Positions moved into an axis, and which of them were there before; negative ones count from its end. */
function confine(positions: Tensor, length: number) {
  const wanted = cast(positions, "float32");
  const nearest = minimum(maximum(wanted, -length), length - 1);
  return { inside: equal(wanted, nearest), safe: cast(nearest, "int64") };
}
