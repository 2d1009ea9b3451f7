/**
 * Layer normalisation.
 *
 * @module
 */
import { expand, sumLeading } from "./linear.ts";
import { add, div, mul, neg, sqrt, sub } from "./elementwise.ts";
import { apply, sameShape, showShape } from "./node.ts";
import { mean } from "./reduce.ts";
import type { GradientRule, Tensor } from "./tensor.ts";

/**
 * `(x − mean) / √(variance + ε) · weight + bias` over the last axis.
 *
 * @param x `[…, width]`.
 * @param weight `[width]`.
 * @param bias `[width]`.
 * @throws {TypeError} if weight or bias don't fit.
 */
export function layerNormalization(
  x: Tensor,
  weight: Tensor,
  bias: Tensor,
  epsilon = 1e-5,
): Tensor {
  const width = x.shape.at(-1) ?? 0;
  for (const tensor of [weight, bias]) {
    if (tensor.dtype !== x.dtype || !sameShape(tensor.shape, [width])) {
      throw new TypeError(
        `LayerNormalization: expected ${x.dtype} weight and bias of shape [${width}] for ${
          showShape(x.shape)
        }, found ${tensor.dtype} ${showShape(tensor.shape)}`,
      );
    }
  }
  if (x.dtype !== "float32") return composed(x, weight, bias, epsilon);
  const reduced = [...x.shape.slice(0, -1), 1];
  return apply("LayerNormalization", [x, weight, bias], {
    attributes: { axis: { int: -1 }, epsilon: { float: epsilon } },
    outputs: [
      { dtype: x.dtype, shape: x.shape },
      { dtype: x.dtype, shape: reduced },
      { dtype: x.dtype, shape: reduced },
    ],
    gradient: (gradients, node) =>
      rule(gradients, { x, weight, average: node.outputs[1]!, inverse: node.outputs[2]! }),
  })[0]!;
}

// The operator's further outputs are the mean m and the inverse deviation r. With n = (x − m)·r and
// h = g·weight: dx = r·(h − mean(h) − n·mean(h·n)), dweight = Σ g·n, dbias = Σ g. Second derivatives
// arrive at m and r as well: dm/dx = 1/width, dr/dx = −r²·n/width.
function rule(
  [g, gMean, gInverse]: Parameters<GradientRule>[0],
  { x, weight, average, inverse }: { x: Tensor; weight: Tensor; average: Tensor; inverse: Tensor },
): ReturnType<GradientRule> {
  const width = weight.shape[0]!;
  const last = [x.shape.length - 1];
  const rows = x.shape.length - 1;
  const normalized = mul(sub(x, average), inverse);
  const parts: Tensor[] = [];
  if (g !== undefined) {
    const h = mul(g, weight);
    const along = mean(mul(h, normalized), last, { keepDims: true });
    const centred = sub(h, mean(h, last, { keepDims: true }));
    parts.push(mul(sub(centred, mul(normalized, along)), inverse));
  }
  if (gMean !== undefined) parts.push(expand(div(gMean, width), x.shape));
  if (gInverse !== undefined) {
    parts.push(neg(mul(mul(gInverse, mul(inverse, inverse)), div(normalized, width))));
  }
  return [
    parts.length === 0 ? undefined : parts.reduce((a, b) => add(a, b)),
    g === undefined ? undefined : sumLeading(mul(g, normalized), rows),
    g === undefined ? undefined : sumLeading(g, rows),
  ];
}

// ONNX Runtime's operator computes mean and deviation in float32 whatever the type.
function composed(x: Tensor, weight: Tensor, bias: Tensor, epsilon: number): Tensor {
  const last = [x.shape.length - 1];
  const centred = sub(x, mean(x, last, { keepDims: true }));
  const variance = mean(mul(centred, centred), last, { keepDims: true });
  return add(mul(div(centred, sqrt(add(variance, epsilon))), weight), bias);
}
