import { expand, reshape } from "../../../core/graph/linear.ts";
import { add } from "../../../core/graph/elementwise.ts";
import { split } from "../../../core/graph/shape.ts";
import type { Tensor } from "../../../core/graph/tensor.ts";
import type { ParameterLookup } from "../../../core/model.ts";
import { activate } from "../../../core/nn/activate.ts";
import {
  mixValues,
  type QueriesKeysValues,
  queriesKeysValues,
} from "../../../core/nn/attention.ts";
import { linear, norm } from "../../../core/nn/linear.ts";
import type { BlockConfig } from "../../../core/nn/transformer_config.ts";
import type { VitPoolingNames } from "./vit_config.ts";

/** What {@linkcode latentPool} needs beside the rows. */
export interface LatentPoolOptions {
  /** How many sequences there are. */
  readonly batch: number;
  /** Attention heads of the pooling. */
  readonly heads: number;
  /** Of the tower: activation and epsilon. */
  readonly config: Pick<BlockConfig, "activation" | "epsilon">;
  /** Finds a parameter by its name. */
  readonly parameter: ParameterLookup;
}

/**
 * What a learned query finds among all tokens, and a perceptron behind it (SigLIP's head, timm's
 * `AttentionPoolLatent`).
 *
 * @param rows `[batch · tokens, width]`.
 * @returns `[batch, width]`.
 */
export function latentPool(
  rows: Tensor,
  names: VitPoolingNames,
  { batch, heads, config, parameter }: LatentPoolOptions,
): Tensor {
  const width = rows.shape[1]!;
  const query = reshape(parameter(names.query), [1, width]);
  const [queries, keys, values] = parts(query, rows, names, parameter);
  const asking = expand(queries, [batch, width]);
  const mixed = linear(mixValues([asking, keys, values], { batch, heads }), names.out, parameter);
  const normed = norm(mixed, names.norm, parameter, config.epsilon);
  const hidden = activate(linear(normed, names.up, parameter), config.activation);
  return add(mixed, linear(hidden, names.down, parameter));
}

function parts(
  query: Tensor,
  rows: Tensor,
  { attention }: VitPoolingNames,
  parameter: ParameterLookup,
): QueriesKeysValues {
  if ("weight" in attention) return queriesKeysValues(query, rows, { attention }, parameter);
  const [own, rest] = attention;
  const width = rows.shape[1]!;
  const [keys, values] = split(linear(rows, rest, parameter), [width, width], 1);
  return [linear(query, own, parameter), keys!, values!];
}
