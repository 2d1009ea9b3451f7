/**
 * The transformer, of which towers are made.
 *
 * @module
 */
import { add, mul } from "../graph/elementwise.ts";
import { gather } from "../graph/indexing.ts";
import type { Tensor } from "../graph/tensor.ts";
import type { ParameterLookup } from "../model.ts";
import { activate } from "./activate.ts";
import { mixValues, queriesKeysValues } from "./attention.ts";
import { linear, norm } from "./linear.ts";
import type { BlockNames } from "./parameter_names.ts";
import type { BlockConfig } from "./transformer_config.ts";

/** What {@linkcode encodeSequences} needs beside the tokens. */
export interface SequenceOptions {
  /** Sizes, activation, norms and epsilon of the blocks. */
  readonly config: BlockConfig;
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
  /**
   * Rotary positions, `[tokens, depth]` of each head; a wanted token is then one that is not turned.
   * Default: none.
   */
  readonly rotary?: { readonly cosine: Tensor; readonly sine: Tensor };
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

// `asking` are the rows whose output is computed, `[batch · queries, width]`; they look at all `rows`.
function residualBlock(
  asking: Tensor,
  rows: Tensor,
  names: BlockNames,
  options: SequenceOptions,
  mask: Tensor | undefined,
): Tensor {
  const { config: { norms = "before", epsilon }, parameter } = options;
  const norm1 = (x: Tensor) => norm(x, names.norm1, parameter, epsilon);
  const norm2 = (x: Tensor) => norm(x, names.norm2, parameter, epsilon);
  const attend = (asking: Tensor, rows: Tensor) =>
    scaled(attention(asking, rows, names, options, mask), names.attentionScale, parameter);
  const think = (x: Tensor) =>
    scaled(perceptron(x, names, options), names.perceptronScale, parameter);
  if (norms === "added") {
    const x = add(asking, norm1(attend(asking, rows)));
    return add(x, norm2(think(x)));
  }
  if (norms === "sum") {
    const x = norm1(add(asking, attend(asking, rows)));
    return norm2(add(x, think(x)));
  }
  const normRows = norm1(rows);
  const x = add(asking, attend(asking === rows ? normRows : norm1(asking), normRows));
  return add(x, think(norm2(x)));
}

function attention(
  asking: Tensor,
  rows: Tensor,
  names: BlockNames,
  { batch, config: { heads, epsilon }, parameter, rotary }: SequenceOptions,
  mask: Tensor | undefined,
): Tensor {
  const parts = queriesKeysValues(asking, rows, names, parameter);
  const mixed = mixValues(parts, { batch, heads, mask, rotary });
  const normed = names.attentionNorm === undefined
    ? mixed
    : norm(mixed, names.attentionNorm, parameter, epsilon);
  return linear(normed, names.out, parameter);
}

function perceptron(
  x: Tensor,
  names: BlockNames,
  { config: { activation, epsilon }, parameter }: Pick<SequenceOptions, "config" | "parameter">,
): Tensor {
  const up = linear(x, names.up, parameter);
  const hidden = names.gate === undefined
    ? activate(up, activation)
    : mul(activate(linear(x, names.gate, parameter), activation), up);
  const normed = names.hiddenNorm === undefined
    ? hidden
    : norm(hidden, names.hiddenNorm, parameter, epsilon);
  return linear(normed, names.down, parameter);
}

function scaled(x: Tensor, factors: string | undefined, parameter: ParameterLookup): Tensor {
  return factors === undefined ? x : mul(x, parameter(factors));
}
