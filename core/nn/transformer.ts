/**
 * The pre-norm transformer, of which CLIP's towers are made.
 *
 * @module
 */
import { gemm, matmul, reshape, transpose } from "../graph/linear.ts";
import { add, mul } from "../graph/elementwise.ts";
import { gather } from "../graph/indexing.ts";
import { gelu, quickGelu } from "../graph/activation.ts";
import { layerNormalization } from "../graph/normalization.ts";
import { split } from "../graph/shape.ts";
import { softmax } from "../graph/softmax.ts";
import type { Tensor } from "../graph/tensor.ts";
import type { ParameterLookup } from "../model.ts";
import type { Activation, TransformerConfig } from "./transformer_config.ts";
import type { BlockNames, LinearNames, ProjectionName } from "./parameter_names.ts";

/** What {@linkcode encodeSequences} needs beside the tokens. */
export interface SequenceOptions {
  /** Sizes, activation and epsilon of the blocks. */
  readonly config: TransformerConfig & {
    readonly activation: Activation;
    /** Added to the variance in every layer normalisation. */
    readonly epsilon: number;
  };
  /** The names of a layer's parameters; layers are counted from 0. */
  readonly block: (layer: number) => BlockNames;
  /** Finds a parameter by its name. */
  readonly parameter: ParameterLookup;
  /** How many sequences there are. */
  readonly batch: number;
  /** How many tokens each has. */
  readonly tokens: number;
  /**
   * `[tokens, tokens]` or `[batch, 1, tokens, tokens]`, added to the attention scores; −∞ where a
   * token must not look. Left out where every token sees all.
   */
  readonly mask?: Tensor;
  /**
   * `[batch · wanted]` int64: the tokens that are wanted, as many of each sequence, as rows of the flat
   * sequences. Left out where all tokens are.
   */
  readonly wanted?: Tensor;
  /** `[batch, 1, wanted, tokens]`, as `mask`, for the wanted tokens alone. */
  readonly wantedMask?: Tensor;
}

/**
 * Runs sequences through all blocks and returns the tokens that are wanted, or all.
 *
 * Where only some tokens' output is used, the last block computes queries and perceptron for them
 * alone: the same result as computing all, for less.
 *
 * @param x `[batch · tokens, width]`.
 * @returns `[batch · wanted, width]`, or `[batch · tokens, width]`.
 */
export function encodeSequences(x: Tensor, options: SequenceOptions): Tensor {
  const { config, block, wanted } = options;
  let rows = x;
  const last = config.layers - (wanted === undefined ? 0 : 1);
  for (let layer = 0; layer < last; layer++) {
    rows = residualBlock(rows, rows, block(layer), options, options.mask);
  }
  if (wanted === undefined) return rows;
  return residualBlock(
    gather(rows, wanted),
    rows,
    block(config.layers - 1),
    options,
    options.wantedMask,
  );
}

/** `x · weight` with a projection stored either way round. */
export function project(
  x: Tensor,
  { name, layout }: ProjectionName,
  parameter: ParameterLookup,
): Tensor {
  return gemm(x, parameter(name), undefined, { transposeB: layout === "dim-width" });
}

/** {@linkcode layerNormalization} with named parameters. */
export function norm(
  x: Tensor,
  { weight, bias }: LinearNames,
  parameter: ParameterLookup,
  epsilon: number,
): Tensor {
  return layerNormalization(x, parameter(weight), parameter(bias), epsilon);
}

// `asking` are the rows whose output is computed, `[batch · queries, width]`; they look at all `rows`.
function residualBlock(
  asking: Tensor,
  rows: Tensor,
  names: BlockNames,
  options: SequenceOptions,
  mask: Tensor | undefined,
): Tensor {
  const { config, parameter } = options;
  const normRows = norm(rows, names.norm1, parameter, config.epsilon);
  const normAsking = asking === rows
    ? normRows
    : norm(asking, names.norm1, parameter, config.epsilon);
  const mixed = attention(normAsking, normRows, names, options, mask);
  const x = add(asking, linear(mixed, names.out, parameter));
  const hidden = linear(norm(x, names.norm2, parameter, config.epsilon), names.up, parameter);
  const active = config.activation === "quick_gelu" ? quickGelu(hidden) : gelu(hidden);
  return add(x, linear(active, names.down, parameter));
}

function attention(
  asking: Tensor,
  rows: Tensor,
  names: BlockNames,
  options: SequenceOptions,
  mask: Tensor | undefined,
): Tensor {
  const { batch, config: { heads, width } } = options;
  const [q, k, v] = queriesKeysValues(asking, rows, names, options.parameter);
  const depth = width / heads;
  const toHeads = (x: Tensor) =>
    transpose(reshape(x, [batch, x.shape[0]! / batch, heads, depth]), [0, 2, 1, 3]);
  const scores = matmul(toHeads(mul(q, depth ** -0.5)), transpose(toHeads(k)));
  const weights = softmax(mask === undefined ? scores : add(scores, mask));
  const mixed = matmul(weights, toHeads(v));
  return reshape(transpose(mixed, [0, 2, 1, 3]), [-1, width]);
}

function queriesKeysValues(
  asking: Tensor,
  rows: Tensor,
  { attention: names }: BlockNames,
  parameter: ParameterLookup,
): readonly [Tensor, Tensor, Tensor] {
  if (!("weight" in names)) {
    const [query, key, value] = names;
    return [
      linear(asking, query, parameter),
      linear(rows, key, parameter),
      linear(rows, value, parameter),
    ];
  }
  const width = rows.shape[1]!;
  if (asking === rows) {
    const [q, k, v] = split(linear(rows, names, parameter), [width, width, width], 1);
    return [q!, k!, v!];
  }
  const parts = [width, 2 * width];
  const [queryWeight, restWeight] = split(parameter(names.weight), parts, 0);
  const [queryBias, restBias] = split(parameter(names.bias), parts, 0);
  const q = gemm(asking, queryWeight!, queryBias, { transposeB: true });
  const rest = gemm(rows, restWeight!, restBias, { transposeB: true });
  const [k, v] = split(rest, [width, width], 1);
  return [q, k!, v!];
}

function linear(x: Tensor, { weight, bias }: LinearNames, parameter: ParameterLookup): Tensor {
  return gemm(x, parameter(weight), parameter(bias), { transposeB: true });
}
