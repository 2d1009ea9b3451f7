import { reshape } from "../../core/graph/linear.ts";
import { add } from "../../core/graph/elementwise.ts";
import { cast } from "../../core/graph/cast.ts";
import { constant } from "../../core/graph/node.ts";
import { argmax } from "../../core/graph/reduce.ts";
import { gather } from "../../core/graph/indexing.ts";
import { greater, where } from "../../core/graph/comparison.ts";
import { slice } from "../../core/graph/shape.ts";
import type { Tensor } from "../../core/graph/tensor.ts";
import type { ParameterLookup, TextTower, TowerOutputs } from "../../core/model.ts";
import type { TextSide } from "./config.ts";
import { type ClipNames, namesFor } from "./names.ts";
import { norm, project } from "../../core/nn/linear.ts";
import { encodeSequences } from "../../core/nn/transformer.ts";

/**
 * The text transformer of CLIP: causal attention, the end token's output normalised and projected.
 * A token never sees those after it, so what follows the end token has no influence.
 *
 * Where attention is not causal (CLIPA, SigLIP), the last token's output is taken, which the tokenizer
 * puts in the last place there is, so that no text is cut.
 */
export function clipTextTower(config: TextSide, own: ClipNames): TextTower {
  const { width, context, vocabulary, causal = true, pool = "end", projectionBias } = config.text;
  const names = namesFor(own, config);
  const blocks = { ...config, ...config.text };

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
    const embedded = gather(parameter(names.text.token), ids);
    const position = slice(parameter(names.text.position), { axis: 0, start: 0, end: tokens });
    const starts = Array.from({ length: batch }, (_, i) => i * tokens);
    const x = reshape(add(embedded, position), [-1, width]);
    const place = pool === "end" ? end : argmax(ids, 1);
    const ends = add(place, constant(starts, [batch], "int64"));
    const options = {
      config: blocks,
      block: names.text.block,
      parameter,
      batch,
      tokens,
      ...(causal ? { mask: causalMask(tokens) } : {}),
    };
    const normed = (rows: Tensor) => norm(rows, names.text.finalNorm, parameter, blocks.epsilon);
    const projected = (rows: Tensor) =>
      projectionBias === "none" ? rows : project(rows, names.text.projection, parameter);
    if (!wanted.includes("tokens")) {
      const last = { wanted: ends, ...(causal ? { wantedMask: endMask(end, tokens) } : {}) };
      const pooled = normed(encodeSequences(x, { ...options, ...last }));
      const embedding = projected(pooled);
      return wanted.includes("pooled") ? { embedding, pooled } : { embedding };
    }
    const all = normed(encodeSequences(x, options));
    const sequences = projected(all);
    return {
      embedding: gather(sequences, ends),
      tokens: reshape(sequences, [batch, tokens, config.dim]),
      ...(wanted.includes("pooled") ? { pooled: gather(all, ends) } : {}),
    };
  };

  return {
    contextLength: context,
    vocabulary,
    width,
    encode: (ids, end, parameter) => encodeWith(ids, end, parameter, []).embedding,
    encodeWith,
  };
}

function causalMask(tokens: number): Tensor {
  const mask = new Float32Array(tokens * tokens);
  for (let i = 0; i < tokens; i++) mask.fill(-Infinity, i * tokens + i + 1, (i + 1) * tokens);
  return constant(mask, [tokens, tokens]);
}

// The end token's row of the causal mask, for each text: [batch, 1, 1, tokens].
function endMask(end: Tensor, tokens: number): Tensor {
  const place = constant(Array.from({ length: tokens }, (_, i) => i), [1, tokens]);
  const last = reshape(cast(end, "float32"), [-1, 1]);
  const later = where(greater(place, last), constant([-Infinity], []), constant([0], []));
  return reshape(later, [end.shape[0]!, 1, 1, tokens]);
}
