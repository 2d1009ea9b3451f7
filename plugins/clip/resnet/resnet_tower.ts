import { conv2d } from "../../../core/graph/convolution.ts";
import { add, relu } from "../../../core/graph/elementwise.ts";
import { reshape, transpose } from "../../../core/graph/linear.ts";
import { mean } from "../../../core/graph/reduce.ts";
import { concat, slice } from "../../../core/graph/shape.ts";
import type { Tensor } from "../../../core/graph/tensor.ts";
import type { ImageTower, ParameterLookup } from "../../../core/model.ts";
import { mixValues } from "../../../core/nn/attention.ts";
import { batchNorm, batchNormNames } from "../../../core/nn/batch_norm.ts";
import { linear } from "../../../core/nn/linear.ts";
import { linearNames } from "../../../core/nn/parameter_names.ts";
import type { ResNetConfig } from "./resnet_config.ts";

/** PyTorch's. */
const EPSILON = 1e-5;

/**
 * The ResNet of OpenAI's CLIP: three convolutions to begin with, pooled means before convolutions that
 * make pictures smaller, and attention of the mean to all places at the end. Its batch norms use the
 * statistics that the weights came with, in training too.
 */
export function resNetTower({ size, layers, heads }: ResNetConfig): ImageTower {
  return {
    size,
    encode(pixels, parameter) {
      const of = (name: string) => `visual.${name}`;
      const normed = (x: Tensor, name: string) =>
        batchNorm(x, batchNormNames(of(name)), parameter, EPSILON);
      const conv = (x: Tensor, name: string, options = {}) =>
        conv2d(x, parameter(of(`${name}.weight`)), undefined, options);
      let x = relu(normed(conv(pixels, "conv1", { stride: 2, padding: 1 }), "bn1"));
      x = relu(normed(conv(x, "conv2", { padding: 1 }), "bn2"));
      x = relu(normed(conv(x, "conv3", { padding: 1 }), "bn3"));
      x = halved(x);
      for (const [stage, blocks] of layers.entries()) {
        for (let block = 0; block < blocks; block++) {
          const name = `layer${stage + 1}.${block}`;
          const shrinks = stage > 0 && block === 0;
          let y = relu(normed(conv(x, `${name}.conv1`), `${name}.bn1`));
          y = relu(normed(conv(y, `${name}.conv2`, { padding: 1 }), `${name}.bn2`));
          if (shrinks) y = halved(y);
          y = normed(conv(y, `${name}.conv3`), `${name}.bn3`);
          if (block === 0) {
            const before = shrinks ? halved(x) : x;
            x = normed(conv(before, `${name}.downsample.0`), `${name}.downsample.1`);
          }
          x = relu(add(x, y));
        }
      }
      return attentionPool(x, heads, parameter);
    },
  };
}

/** Means of squares of two by two. */
function halved(x: Tensor): Tensor {
  const [batch, channels, height, width] = x.shape as [number, number, number, number];
  return mean(reshape(x, [batch, channels, height / 2, 2, width / 2, 2]), [3, 5]);
}

/** What the mean of all places finds among them and itself. */
function attentionPool(x: Tensor, heads: number, parameter: ParameterLookup): Tensor {
  const [batch, channels, height, width] = x.shape as [number, number, number, number];
  const tokens = height * width + 1;
  const places = transpose(reshape(x, [batch, channels, height * width]), [0, 2, 1]);
  const whole = mean(places, [1], { keepDims: true });
  const position = parameter("visual.attnpool.positional_embedding");
  const placed = add(concat([whole, places], 1), position);
  const rows = reshape(placed, [batch * tokens, channels]);
  const first = reshape(slice(placed, { axis: 1, start: 0, end: 1 }), [batch, channels]);
  const of = (name: string) => linearNames(`visual.attnpool.${name}_proj`);
  const mixed = mixValues([
    linear(first, of("q"), parameter),
    linear(rows, of("k"), parameter),
    linear(rows, of("v"), parameter),
  ], { batch, heads });
  return linear(mixed, of("c"), parameter);
}
