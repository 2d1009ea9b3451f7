import { gelu } from "../../../core/graph/activation.ts";
import { cast } from "../../../core/graph/cast.ts";
import { equal, not, where } from "../../../core/graph/comparison.ts";
import { add, div, mul, tanh } from "../../../core/graph/elementwise.ts";
import { gather } from "../../../core/graph/indexing.ts";
import { matmul, reshape, sum } from "../../../core/graph/linear.ts";
import { constant, indices, scalar } from "../../../core/graph/node.ts";
import { slice } from "../../../core/graph/shape.ts";
import type { Tensor } from "../../../core/graph/tensor.ts";
import type { ParameterLookup, TextTower, TowerOutputs } from "../../../core/model.ts";
import { linear, norm, project } from "../../../core/nn/linear.ts";
import { encodeSequences } from "../../../core/nn/transformer.ts";
import type { BertTextConfig } from "./bert_config.ts";
import { bertNames as names } from "./bert_names.ts";

/**
 * BERT, RoBERTa or XLM-RoBERTa as a text tower: norms stand on the sums, every token sees all that are
 * no padding, and the mean of these, or the first, is projected (open_clip's `HFTextEncoder`).
 *
 * What is padding is told by its id, as there: also where a text has it written out.
 */
export function bertTextTower(config: BertTextConfig): TextTower {
  const { width, dim, context, vocabulary, padding, pool, projection } = config;

  const embed = (ids: Tensor, present: Tensor, parameter: ParameterLookup): Tensor => {
    const [, tokens] = ids.shape as readonly [number, number];
    const words = gather(parameter(names.token), ids);
    const type = slice(parameter(names.type), { axis: 0, start: 0, end: 1 });
    const places = config.first === 0
      ? slice(parameter(names.position), { axis: 0, start: 0, end: tokens })
      : gather(parameter(names.position), countedPlaces(present, padding));
    // In transformers' order, so that sums are rounded alike.
    const sums = reshape(add(add(words, type), places), [-1, width]);
    return norm(sums, names.embeddingNorm, parameter, config.epsilon);
  };

  const projected = (rows: Tensor, parameter: ParameterLookup): Tensor => {
    if (projection === "none") return rows;
    if (projection === "linear") return project(rows, names.linear, parameter);
    const [up, down] = names.perceptron;
    return project(gelu(project(rows, up, parameter)), down, parameter);
  };

  const encodeWith = (
    ids: Tensor,
    _end: Tensor,
    parameter: ParameterLookup,
    wanted: readonly (keyof TowerOutputs)[],
  ): TowerOutputs => {
    const [batch, tokens] = ids.shape as readonly [number, number];
    if (tokens > context) {
      throw new RangeError(`text tower: expected at most ${context} tokens, found ${tokens}`);
    }
    const isPresent = not(equal(ids, scalar(padding, "int64")));
    const present = cast(isPresent, "float32");
    const mask = where(
      reshape(isPresent, [batch, 1, 1, tokens]),
      constant([0], []),
      constant([-Infinity], []),
    );
    const options = { config, block: names.block, parameter, batch, tokens, mask };
    const x = embed(ids, present, parameter);
    const firsts = indices(Array.from({ length: batch }, (_, i) => i * tokens));
    const all = pool === "mean" || wanted.includes("tokens")
      ? encodeSequences(x, options)
      : undefined;
    const pooled = pool === "mean"
      ? meanOfPresent(reshape(all!, [batch, tokens, width]), present)
      : poolFirst(
        all === undefined
          ? encodeSequences(x, { ...options, wanted: firsts, wantedMask: mask })
          : gather(all, firsts),
        parameter,
      );
    return {
      embedding: projected(pooled, parameter),
      ...(wanted.includes("pooled") ? { pooled } : {}),
      ...(wanted.includes("tokens")
        ? { tokens: reshape(projected(all!, parameter), [batch, tokens, dim]) }
        : {}),
    };
  };

  const poolFirst = (rows: Tensor, parameter: ParameterLookup): Tensor =>
    pool === "first" ? rows : tanh(linear(rows, names.pooling, parameter));

  return {
    contextLength: context,
    vocabulary,
    width,
    encode: (ids, end, parameter) => encodeWith(ids, end, parameter, []).embedding,
    encodeWith,
    ...(projection === "none"
      ? {}
      : { projection: projection === "linear" ? names.linear : names.perceptron[1] }),
  };
}

/**
 * RoBERTa's places, `[batch, tokens]` int64: tokens are counted from the row after that of padding on,
 * padding has its own row.
 */
function countedPlaces(present: Tensor, padding: number): Tensor {
  const tokens = present.shape[1]!;
  const before = new Float32Array(tokens * tokens);
  for (let i = 0; i < tokens; i++) before.fill(1, i * tokens + i, (i + 1) * tokens);
  const counted = mul(matmul(present, constant(before, [tokens, tokens])), present);
  return cast(add(counted, padding), "int64");
}

/** `[batch, width]`. */
function meanOfPresent(rows: Tensor, present: Tensor): Tensor {
  const [batch, tokens] = present.shape as readonly [number, number];
  const total = sum(mul(rows, reshape(present, [batch, tokens, 1])), [1]);
  return div(total, sum(present, [1], { keepDims: true }));
}
