import { expand, gemm, reshape } from "../../../core/graph/linear.ts";
import { add } from "../../../core/graph/elementwise.ts";
import { constant } from "../../../core/graph/node.ts";
import { gather } from "../../../core/graph/indexing.ts";
import { mean } from "../../../core/graph/reduce.ts";
import { concat, slice } from "../../../core/graph/shape.ts";
import type { Tensor } from "../../../core/graph/tensor.ts";
import type { ImageTower, ParameterLookup, TowerOutputs } from "../../../core/model.ts";
import { norm, project } from "../../../core/nn/linear.ts";
import { patchRows } from "../../../core/nn/patch_rows.ts";
import { gridRotary } from "../../../core/nn/rotary.ts";
import { encodeSequences } from "../../../core/nn/transformer.ts";
import { convolutionalStem } from "./convolutional_stem.ts";
import { latentPool } from "./latent_pool.ts";
import type { VitConfig, VitNames } from "./vit_config.ts";

/**
 * A vision transformer of timm's (`VisionTransformer`, `Eva`) or of transformers' SigLIP: patches with a
 * learned place each, blocks, a last norm, pooling, and a projection where there is one.
 *
 * Patches are given where the projection can be applied to each: not behind a pooling by a query.
 */
export function vitTower(config: VitConfig, names: VitNames, dim: number): ImageTower {
  const { size, patch, width, heads, classToken, pool } = config;
  const grid = Math.floor(size / patch);
  const before = classToken === "none" ? 0 : 1;
  const tokens = before + grid * grid;
  const depth = width / heads;
  const rotary = config.rotary === undefined
    ? {}
    : { rotary: gridRotary({ grid, depth, before, ...config.rotary }) };

  const embedPatches = (pixels: Tensor, parameter: ParameterLookup): Tensor => {
    if (config.stem === "convolutions") return convolutionalStem(pixels, names.patch, parameter);
    const kernel = reshape(parameter(names.patch.weight), [width, -1]);
    const { bias } = names.patch;
    const rows = patchRows(wholePatches(pixels, grid * patch), grid, patch);
    return gemm(rows, kernel, bias === undefined ? undefined : parameter(bias), {
      transposeB: true,
    });
  };

  const tokensOf = (pixels: Tensor, parameter: ParameterLookup): Tensor => {
    const batch = pixels.shape[0]!;
    const patches = reshape(embedPatches(pixels, parameter), [batch, grid * grid, width]);
    const position = reshape(parameter(names.position), [-1, width]);
    if (classToken === "none") return reshape(add(patches, position), [-1, width]);
    const token = expand(reshape(parameter(names.classToken), [1, 1, width]), [batch, 1, width]);
    const placed = classToken === "placed"
      ? add(concat([token, patches], 1), position)
      : concat([token, add(patches, position)], 1);
    return reshape(placed, [-1, width]);
  };

  const encodeWith = (
    pixels: Tensor,
    parameter: ParameterLookup,
    wanted: readonly (keyof TowerOutputs)[],
  ): TowerOutputs => {
    const batch = pixels.shape[0]!;
    const bare = tokensOf(pixels, parameter);
    const x = names.preNorm === undefined
      ? bare
      : norm(bare, names.preNorm, parameter, config.epsilon);
    const options = { config, block: names.block, parameter, batch, tokens, ...rotary };
    const normed = (rows: Tensor) => norm(rows, names.finalNorm, parameter, config.epsilon);
    const projected = (rows: Tensor) =>
      names.projection === undefined ? rows : project(rows, names.projection, parameter);
    const classes = constant(Array.from({ length: batch }, (_, i) => i * tokens), [batch], "int64");
    if (pool === "class" && !wanted.includes("patches")) {
      return {
        embedding: projected(normed(encodeSequences(x, { ...options, wanted: classes }))),
      };
    }
    const all = normed(encodeSequences(x, options));
    if (typeof pool === "object") {
      const pooling = { batch, heads: pool.heads, config, parameter };
      return { embedding: projected(latentPool(all, names.pooling, pooling)) };
    }
    const sequences = reshape(all, [batch, tokens, width]);
    const pooled = pool === "class" ? gather(all, classes) : mean(patchesOf(sequences), [1]);
    const embedding = projected(pooled);
    if (!wanted.includes("patches")) return { embedding };
    return { embedding, patches: patchesOf(reshape(projected(all), [batch, tokens, dim])) };
  };

  const patchesOf = (sequences: Tensor) =>
    slice(sequences, { axis: 1, start: before, end: tokens });

  return {
    size,
    encode: (pixels, parameter) => encodeWith(pixels, parameter, []).embedding,
    ...(typeof pool === "object" ? {} : { encodeWith }),
  };
}

function wholePatches(pixels: Tensor, side: number): Tensor {
  if (pixels.shape[2] === side) return pixels;
  const rows = slice(pixels, { axis: 2, start: 0, end: side });
  return slice(rows, { axis: 3, start: 0, end: side });
}
