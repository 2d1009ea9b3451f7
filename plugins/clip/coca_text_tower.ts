import { expand, reshape } from "../../core/graph/linear.ts";
import { add } from "../../core/graph/elementwise.ts";
import { constant, indices } from "../../core/graph/node.ts";
import { gather } from "../../core/graph/indexing.ts";
import { concat, slice } from "../../core/graph/shape.ts";
import type { Tensor } from "../../core/graph/tensor.ts";
import type { ParameterLookup, TextTower, TowerOutputs } from "../../core/model.ts";
import { norm, project } from "../../core/nn/linear.ts";
import { causalMask, maskAfter } from "../../core/nn/pack_masks.ts";
import { encodeSequences } from "../../core/nn/transformer.ts";
import type { TextTowerConfig } from "./config.ts";
import { type ClipNames, namesFor } from "./names.ts";

/**
 * CoCa's text transformer as open_clip has it: causal, and a token of its own in the place after the last
 * possible one, whose output is taken.
 *
 * That token's mask is off by one in open_clip and in the weights that it trained: it sees the text, one
 * token of padding after it, and itself only where the text leaves no room. So it is computed.
 */
export function cocaTextTower(config: TextTowerConfig, own: ClipNames): TextTower {
  const { width, context, vocabulary } = config.text;
  const names = namesFor(own, config).text;
  const blocks = { ...config, ...config.text };

  const encodeWith = (
    ids: Tensor,
    end: Tensor,
    parameter: ParameterLookup,
    wanted: readonly (keyof TowerOutputs)[],
  ): TowerOutputs => {
    const [batch, given] = ids.shape as readonly [number, number];
    if (given > context) {
      throw new RangeError(`text tower: expected at most ${context} tokens, found ${given}`);
    }
    const padded = given === context ? ids : concat([ids, zeroColumn(batch)], 1);
    const tokens = padded.shape[1]! + 1;
    const places = [...Array.from({ length: tokens - 1 }, (_, i) => i), context];
    const token = expand(reshape(parameter(names.classToken!), [1, 1, width]), [batch, 1, width]);
    const embedded = concat([gather(parameter(names.token), padded), token], 1);
    const x = reshape(add(embedded, gather(parameter(names.position), indices(places))), [
      -1,
      width,
    ]);
    // The places up to one behind each text's end; in a text that fills them all that one is its own.
    const lastMask = maskAfter(end, places.map((place) => place - 1));
    const before = [tokens - 1, tokens] as const;
    const rows = slice(causalMask(tokens), { axis: 0, start: 0, end: tokens - 1 });
    const causal = expand(reshape(rows, [1, 1, ...before]), [batch, 1, ...before]);
    const mask = concat([causal, lastMask], 2);
    const options = { config: blocks, block: names.block, parameter, batch, tokens, mask };
    const normed = (rows: Tensor) => norm(rows, names.finalNorm, parameter, blocks.epsilon);
    const projected = (rows: Tensor) => project(rows, names.projection, parameter);
    const last = constant(
      Array.from({ length: batch }, (_, i) => (i + 1) * tokens - 1),
      [batch],
      "int64",
    );
    if (!wanted.includes("tokens")) {
      const pooled = normed(encodeSequences(x, { ...options, wanted: last, wantedMask: lastMask }));
      const embedding = projected(pooled);
      return wanted.includes("pooled") ? { embedding, pooled } : { embedding };
    }
    const all = normed(encodeSequences(x, options));
    const sequences = reshape(projected(all), [batch, tokens, config.dim]);
    return {
      embedding: projected(gather(all, last)),
      tokens: slice(sequences, { axis: 1, start: 0, end: given }),
      ...(wanted.includes("pooled") ? { pooled: gather(all, last) } : {}),
    };
  };

  return {
    contextLength: context,
    vocabulary,
    width,
    projection: names.projection,
    encode: (ids, end, parameter) => encodeWith(ids, end, parameter, []).embedding,
    encodeWith,
  };
}

function zeroColumn(batch: number): Tensor {
  return constant(new Array<number>(batch).fill(0), [batch, 1], "int64");
}
