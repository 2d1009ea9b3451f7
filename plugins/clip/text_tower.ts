import { reshape } from "../../core/graph/linear.ts";
import { add } from "../../core/graph/elementwise.ts";
import { cast } from "../../core/graph/cast.ts";
import { constant } from "../../core/graph/node.ts";
import { gather } from "../../core/graph/indexing.ts";
import { greater, where } from "../../core/graph/comparison.ts";
import { slice } from "../../core/graph/shape.ts";
import type { Tensor } from "../../core/graph/tensor.ts";
import type { TextTower } from "../../core/model.ts";
import type { ClipConfig } from "./config.ts";
import type { ClipNames } from "./names.ts";
import { encodeSequences, norm, project } from "../../core/nn/transformer.ts";

/**
 * The text transformer of CLIP: causal attention, the end token's output normalised and projected.
 * A token never sees those after it, so what follows the end token has no influence.
 */
export function clipTextTower(config: ClipConfig, names: ClipNames): TextTower {
  const { width, context, vocabulary } = config.text;
  return {
    contextLength: context,
    vocabulary,
    encode: (ids, end, parameter) => {
      const [batch, tokens] = ids.shape as readonly [number, number];
      if (tokens > context) {
        throw new RangeError(`text tower: expected at most ${context} tokens, found ${tokens}`);
      }
      const embedded = gather(parameter(names.text.token), ids);
      const position = slice(parameter(names.text.position), { axis: 0, start: 0, end: tokens });
      const starts = Array.from({ length: batch }, (_, i) => i * tokens);
      const pooled = encodeSequences(reshape(add(embedded, position), [-1, width]), {
        config: { ...config, ...config.text },
        block: names.text.block,
        parameter,
        batch,
        tokens,
        mask: causalMask(tokens),
        wanted: add(end, constant(starts, [batch], "int64")),
        wantedMask: endMask(end, tokens),
      });
      const normed = norm(pooled, names.text.finalNorm, parameter, config.epsilon);
      return project(normed, names.text.projection, parameter);
    },
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
