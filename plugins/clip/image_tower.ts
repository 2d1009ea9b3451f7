import { expand, gemm, reshape, transpose } from "../../core/graph/linear.ts";
import { add } from "../../core/graph/elementwise.ts";
import { gather } from "../../core/graph/indexing.ts";
import { concat, slice } from "../../core/graph/shape.ts";
import { constant } from "../../core/graph/node.ts";
import type { Tensor } from "../../core/graph/tensor.ts";
import type { ImageTower, ParameterLookup, TowerOutputs } from "../../core/model.ts";
import type { ClipConfig } from "./config.ts";
import type { ClipNames } from "./names.ts";
import { encodeSequences, norm, project } from "../../core/nn/transformer.ts";

/**
 * The vision transformer of CLIP (Radford et al. 2021, section 2.4): patches and a class token,
 * normalised before the first block; the class token's output is normalised and projected, and
 * where patches are asked for, theirs too.
 */
export function clipImageTower(config: ClipConfig, names: ClipNames): ImageTower {
  const { size, patch, width } = config.image;
  const grid = size / patch;
  const tokens = grid * grid + 1;

  const encodeWith = (
    pixels: Tensor,
    parameter: ParameterLookup,
    wanted: readonly (keyof TowerOutputs)[],
  ): TowerOutputs => {
    const batch = pixels.shape[0]!;
    const patches = reshape(
      gemm(
        patchRows(pixels, grid, patch),
        reshape(parameter(names.image.patch), [width, -1]),
        undefined,
        { transposeB: true },
      ),
      [batch, grid * grid, width],
    );
    const token = expand(parameter(names.image.classEmbedding), [batch, 1, width]);
    const placed = add(concat([token, patches], 1), parameter(names.image.position));
    const x = norm(reshape(placed, [-1, width]), names.image.preNorm, parameter, config.epsilon);
    const first = Array.from({ length: batch }, (_, i) => i * tokens);
    const options = {
      config: { ...config, ...config.image },
      block: names.image.block,
      parameter,
      batch,
      tokens,
    };
    const finish = (rows: Tensor) =>
      project(
        norm(rows, names.image.postNorm, parameter, config.epsilon),
        names.image.projection,
        parameter,
      );
    const classes = constant(first, [batch], "int64");
    if (!wanted.includes("patches")) {
      return { embedding: finish(encodeSequences(x, { ...options, wanted: classes })) };
    }
    const all = finish(encodeSequences(x, options));
    const sequences = reshape(all, [batch, tokens, config.dim]);
    return {
      embedding: gather(all, classes),
      patches: slice(sequences, { axis: 1, start: 1, end: tokens }),
    };
  };

  return {
    size,
    encode: (pixels, parameter) => encodeWith(pixels, parameter, []).embedding,
    encodeWith,
  };
}

// A convolution whose stride is its kernel is a product with the patches as rows, [batch · grid²,
// 3 · patch²]; so its gradient is a product too.
function patchRows(pixels: Tensor, grid: number, patch: number): Tensor {
  const batch = pixels.shape[0]!;
  const cut = reshape(pixels, [batch, 3, grid, patch, grid, patch]);
  return reshape(transpose(cut, [0, 2, 4, 1, 3, 5]), [batch * grid * grid, 3 * patch * patch]);
}
