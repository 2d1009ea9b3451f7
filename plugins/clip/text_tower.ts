import { reshape } from "../../core/graph/linear.ts";
import { add } from "../../core/graph/elementwise.ts";
import { constant } from "../../core/graph/node.ts";
import { argmax } from "../../core/graph/reduce.ts";
import { gather } from "../../core/graph/indexing.ts";
import { slice } from "../../core/graph/shape.ts";
import type { Tensor } from "../../core/graph/tensor.ts";
import type { PackTensors, ParameterLookup, TextTower, TowerOutputs } from "../../core/model.ts";
import type { TextTowerConfig } from "./config.ts";
import { type ClipNames, namesFor } from "./names.ts";
import { norm, project } from "../../core/nn/linear.ts";
import { causalMask, maskAfter, packMasks } from "../../core/nn/pack_masks.ts";
import { encodeSequences } from "../../core/nn/transformer.ts";

/**
 * The text transformer of CLIP: causal attention, the end token's output normalised and projected.
 * A token never sees those after it, so what follows the end token has no influence, and texts may
 * share what they begin with.
 *
 * Where attention is not causal (CLIPA, SigLIP), the last token's output is taken, which the tokenizer
 * puts in the last place there is, so that no text is cut.
 */
export function clipTextTower(config: TextTowerConfig, own: ClipNames): TextTower {
  const { width, context, vocabulary, causal = true, pool = "end", projectionBias } = config.text;
  const names = namesFor(own, config);
  const blocks = { ...config, ...config.text };

  /** What both forms of texts have in common, `[batch, tokens]` of them. */
  const towerOn = ([batch, tokens]: readonly [number, number], parameter: ParameterLookup) => ({
    options: {
      config: blocks,
      block: names.text.block,
      ...{ parameter, batch, tokens },
    },
    embed: (ids: Tensor, position: Tensor) =>
      reshape(add(gather(parameter(names.text.token), ids), position), [-1, width]),
    normed: (rows: Tensor) => norm(rows, names.text.finalNorm, parameter, blocks.epsilon),
    projected: (rows: Tensor) =>
      projectionBias === "none" ? rows : project(rows, names.text.projection, parameter),
  });

  const encodeWith = (
    ids: Tensor,
    end: Tensor,
    parameter: ParameterLookup,
    wanted: readonly (keyof TowerOutputs)[],
  ): TowerOutputs => {
    const [batch, tokens] = ids.shape as readonly [number, number];
    if (tokens > context) {
      throw new RangeError(`text tower: expected at most ${context} tokens, found ${tokens}`);
    }
    const { options, embed, normed, projected } = towerOn([batch, tokens], parameter);
    const x = embed(ids, slice(parameter(names.text.position), { axis: 0, start: 0, end: tokens }));
    const starts = Array.from({ length: batch }, (_, i) => i * tokens);
    const place = pool === "end" ? end : argmax(ids, 1);
    const ends = add(place, constant(starts, [batch], "int64"));
    const mask = causal ? { mask: causalMask(tokens) } : {};
    if (!wanted.includes("tokens")) {
      const wantedMask = causal
        ? { wantedMask: maskAfter(end, Array.from({ length: tokens }, (_, i) => i)) }
        : {};
      const last = { ...options, ...mask, wanted: ends, ...wantedMask };
      const pooled = normed(encodeSequences(x, last));
      const embedding = projected(pooled);
      return wanted.includes("pooled") ? { embedding, pooled } : { embedding };
    }
    const all = normed(encodeSequences(x, { ...options, ...mask }));
    const sequences = projected(all);
    return {
      embedding: gather(sequences, ends),
      tokens: reshape(sequences, [batch, tokens, config.dim]),
      ...(wanted.includes("pooled") ? { pooled: gather(all, ends) } : {}),
    };
  };

  const encodePacks = (
    packs: PackTensors,
    parameter: ParameterLookup,
    wanted: readonly "pooled"[],
  ) => {
    const { ids, places, ends } = packs;
    const shape = ids.shape as readonly [number, number];
    const { options, embed, normed, projected } = towerOn(shape, parameter);
    const x = embed(ids, gather(parameter(names.text.position), places));
    const pooled = normed(encodeSequences(x, { ...options, ...packMasks(packs), wanted: ends }));
    const embedding = projected(pooled);
    return wanted.includes("pooled") ? { embedding, pooled } : { embedding };
  };

  const encode: TextTower["encode"] = (ids, end, parameter) =>
    encodeWith(ids, end, parameter, []).embedding;
  return {
    contextLength: context,
    vocabulary,
    width,
    encode,
    encodeWith,
    ...(projectionBias === "none" ? {} : { projection: names.text.projection }),
    ...(causal ? { prefixes: { of: encode, encode: encodePacks } } : {}),
  };
}
