import { reshape } from "../../core/graph/linear.ts";
import { add } from "../../core/graph/elementwise.ts";
import { cast } from "../../core/graph/cast.ts";
import { constant } from "../../core/graph/node.ts";
import { gather } from "../../core/graph/indexing.ts";
import { greater, where } from "../../core/graph/comparison.ts";
import { slice } from "../../core/graph/shape.ts";
import type { Tensor } from "../../core/graph/tensor.ts";
import type { PackTensors, ParameterLookup, TextTower, TowerOutputs } from "../../core/model.ts";
import type { ClipConfig } from "./config.ts";
import type { ClipNames } from "./names.ts";
import { causalMask, packMasks } from "../../core/nn/pack_masks.ts";
import { encodeSequences, norm, project } from "../../core/nn/transformer.ts";

/**
 * The text transformer of CLIP: causal attention, the end token's output normalised and projected.
 * A token never sees those after it, so what follows the end token has no influence, and texts may
 * share what they begin with.
 */
export function clipTextTower(config: ClipConfig, names: ClipNames): TextTower {
  const { width, context, vocabulary } = config.text;

  /** What both forms of texts have in common, `[batch, tokens]` of them. */
  const towerOn = ([batch, tokens]: readonly [number, number], parameter: ParameterLookup) => ({
    options: {
      config: { ...config, ...config.text },
      block: names.text.block,
      ...{ parameter, batch, tokens },
    },
    embed: (ids: Tensor, position: Tensor) =>
      reshape(add(gather(parameter(names.text.token), ids), position), [-1, width]),
    normed: (rows: Tensor) => norm(rows, names.text.finalNorm, parameter, config.epsilon),
    projected: (rows: Tensor) => project(rows, names.text.projection, parameter),
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
    const ends = add(end, constant(starts, [batch], "int64"));
    const mask = causalMask(tokens);
    if (!wanted.includes("tokens")) {
      const wantedMask = endMask(end, tokens);
      const pooled = normed(encodeSequences(x, { ...options, mask, wanted: ends, wantedMask }));
      const embedding = projected(pooled);
      return wanted.includes("pooled") ? { embedding, pooled } : { embedding };
    }
    const all = normed(encodeSequences(x, { ...options, mask }));
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
    prefixes: { of: encode, encode: encodePacks },
  };
}

// The end token's row of the causal mask, for each text: [batch, 1, 1, tokens].
function endMask(end: Tensor, tokens: number): Tensor {
  const place = constant(Array.from({ length: tokens }, (_, i) => i), [1, tokens]);
  const last = reshape(cast(end, "float32"), [-1, 1]);
  const later = where(greater(place, last), constant([-Infinity], []), constant([0], []));
  return reshape(later, [end.shape[0]!, 1, 1, tokens]);
}
