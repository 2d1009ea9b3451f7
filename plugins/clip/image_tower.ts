import { expand, gemm, reshape } from "../../core/graph/linear.ts";
import { add } from "../../core/graph/elementwise.ts";
import { constant } from "../../core/graph/node.ts";
import { gather } from "../../core/graph/indexing.ts";
import { mean } from "../../core/graph/reduce.ts";
import { concat, slice } from "../../core/graph/shape.ts";
import type { Tensor } from "../../core/graph/tensor.ts";
import type { ImageTower, ParameterLookup, TowerOutputs } from "../../core/model.ts";
import { norm, project } from "../../core/nn/linear.ts";
import { patchRows } from "../../core/nn/patch_rows.ts";
import { encodeSequences } from "../../core/nn/transformer.ts";
import { poolByQuery } from "./pool_by_query.ts";
import type { ImageTowerConfig } from "./config.ts";
import { type ClipNames, namesFor } from "./names.ts";

/**
 * The vision transformer of CLIP (Radford et al. 2021, section 2.4): patches and a class token,
 * normalised before the first block; the class token's output is normalised and projected, and
 * where patches are asked for, theirs too. What may be otherwise is said in its configuration.
 */
export function clipImageTower(config: ImageTowerConfig, own: ClipNames): ImageTower {
  const { size, patch, width, preNorm = true, pool = "class", normAfterPool = false } =
    config.image;
  const names = namesFor(own, config).image;
  const blocks = { ...config, ...config.image };
  const grid = size / patch;
  const tokens = grid * grid + 1;

  /** The tokens before the first block, `[batch · tokens, width]`. */
  const tokensOf = (pixels: Tensor, parameter: ParameterLookup): Tensor => {
    const batch = pixels.shape[0]!;
    const kernel = reshape(parameter(names.patch), [width, -1]);
    const patches = reshape(
      gemm(patchRows(pixels, grid, patch), kernel, undefined, { transposeB: true }),
      [batch, grid * grid, width],
    );
    const token = expand(parameter(names.classEmbedding), [batch, 1, width]);
    const placed = add(concat([token, patches], 1), parameter(names.position));
    const rows = reshape(placed, [-1, width]);
    return preNorm ? norm(rows, names.preNorm, parameter, blocks.epsilon) : rows;
  };

  const encodeWith = (
    pixels: Tensor,
    parameter: ParameterLookup,
    wanted: readonly (keyof TowerOutputs)[],
  ): TowerOutputs => {
    const batch = pixels.shape[0]!;
    const x = tokensOf(pixels, parameter);
    const options = { config: blocks, block: names.block, parameter, batch, tokens };
    const normed = (rows: Tensor) => norm(rows, names.postNorm, parameter, blocks.epsilon);
    const projected = (rows: Tensor) => project(rows, names.projection, parameter);
    const classes = constant(Array.from({ length: batch }, (_, i) => i * tokens), [batch], "int64");
    if (pool === "class" && !wanted.includes("patches")) {
      return {
        embedding: projected(normed(encodeSequences(x, { ...options, wanted: classes }))),
      };
    }
    const rows = encodeSequences(x, options);
    if (typeof pool === "object") {
      const found = poolByQuery(rows, names.pooling!, {
        ...{ batch, heads: pool.heads, dim: config.dim, parameter },
      });
      return { embedding: projected(normed(found)) };
    }
    const all = normAfterPool ? rows : normed(rows);
    const pooled = pool === "class"
      ? gather(all, classes)
      : mean(patchesOf(reshape(all, [batch, tokens, width])), [1]);
    const embedding = projected(normAfterPool ? normed(pooled) : pooled);
    if (!wanted.includes("patches")) return { embedding };
    const sequences = projected(normAfterPool ? normed(all) : all);
    return {
      embedding,
      patches: patchesOf(reshape(sequences, [batch, tokens, config.dim])),
    };
  };

  const patchesOf = (sequences: Tensor) => slice(sequences, { axis: 1, start: 1, end: tokens });

  return {
    size,
    encode: (pixels, parameter) => encodeWith(pixels, parameter, []).embedding,
    ...(typeof pool === "object" ? {} : { encodeWith }),
  };
}
