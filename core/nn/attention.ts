/**
 * Attention of several heads.
 *
 * @module
 */
import { concat, split } from "../graph/shape.ts";
import { constant } from "../graph/node.ts";
import { matmul, reshape, transpose } from "../graph/linear.ts";
import { add, mul } from "../graph/elementwise.ts";
import { softmax } from "../graph/softmax.ts";
import type { Tensor } from "../graph/tensor.ts";
import type { LinearProduct, ParameterLookup } from "../model.ts";
import { layerProduct, linear } from "./linear.ts";
import type { BlockNames, JointNames } from "./parameter_names.ts";
import { type Rotary, rotate } from "./rotary.ts";

/** Queries, keys and values. */
export type QueriesKeysValues = readonly [queries: Tensor, keys: Tensor, values: Tensor];

/** How {@linkcode mixValues} is done. */
export interface MixOptions {
  /** How many sequences there are. */
  readonly batch: number;
  /** Attention heads; they share the width evenly. */
  readonly heads: number;
  /** Added to the scores, `[batch, heads, queries, keys]` or what broadcasts to it. */
  readonly mask?: Tensor | undefined;
  /** Turns keys, and queries where there are as many, by their places. */
  readonly rotary?: Rotary | undefined;
}

/**
 * Values weighed by how well their keys meet the queries, head by head: `softmax(q·kᵀ/√depth)·v`.
 *
 * @param parts Each `[batch · rows, width]`; there are as many values as keys.
 * @returns `[batch · queries, width]`.
 */
export function mixValues(
  [queries, keys, values]: QueriesKeysValues,
  { batch, heads, mask, rotary }: MixOptions,
): Tensor {
  const width = queries.shape[1]!;
  const depth = width / heads;
  const toHeads = (x: Tensor) =>
    transpose(reshape(x, [batch, x.shape[0]! / batch, heads, depth]), [0, 2, 1, 3]);
  let q = toHeads(mul(queries, depth ** -0.5));
  let k = toHeads(keys);
  if (rotary !== undefined) {
    // A single query is that of a class token, which has no place in the picture.
    if (q.shape[2] === k.shape[2]) q = rotate(q, rotary);
    k = rotate(k, rotary);
  }
  const scores = matmul(q, transpose(k));
  const weights = softmax(mask === undefined ? scores : add(scores, mask));
  const mixed = matmul(weights, toHeads(values));
  return reshape(transpose(mixed, [0, 2, 1, 3]), [-1, width]);
}

/**
 * Queries of the rows that ask, keys and values of all rows.
 *
 * @param asking `[batch · queries, width]`; the same tensor as `rows` where all ask.
 * @param rows `[batch · tokens, width]`.
 */
export function queriesKeysValues(
  asking: Tensor,
  rows: Tensor,
  { attention: names }: Pick<BlockNames, "attention">,
  parameter: ParameterLookup,
): QueriesKeysValues {
  if (!("weight" in names)) {
    const [query, key, value] = names;
    return [
      linear(asking, query, parameter),
      linear(rows, key, parameter),
      linear(rows, value, parameter),
    ];
  }
  const width = rows.shape[1]!;
  const bias = jointBias(names, width, parameter);
  const linearOf = (x: Tensor, part: Omit<LinearProduct, "weight">, matrix: () => Tensor) =>
    layerProduct(x, { weight: names.weight, ...part }, matrix, parameter);
  if (asking === rows) {
    const joint = linearOf(rows, { bias }, () => parameter(names.weight));
    const [q, k, v] = split(joint, [width, width, width], 1);
    return [q!, k!, v!];
  }
  const parts = [width, 2 * width];
  let cut: readonly Tensor[] | undefined;
  const weights = () => cut ??= split(parameter(names.weight), parts, 0);
  const [queryBias, restBias] = bias === undefined ? [] : split(bias, parts, 0);
  const q = linearOf(asking, { outputs: [0, width], bias: queryBias }, () => weights()[0]!);
  const others = [width, 3 * width] as const;
  const rest = linearOf(rows, { outputs: others, bias: restBias }, () => weights()[1]!);
  const [k, v] = split(rest, [width, width], 1);
  return [q, k!, v!];
}

function jointBias(
  { bias, biases }: JointNames,
  width: number,
  parameter: ParameterLookup,
): Tensor | undefined {
  if (biases === undefined) return bias === undefined ? undefined : parameter(bias);
  const none = constant(new Float32Array(width), [width]);
  return concat([parameter(biases[0]), none, parameter(biases[1])], 0);
}
