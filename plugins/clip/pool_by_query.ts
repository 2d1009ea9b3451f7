import { expand, gemm, reshape } from "../../core/graph/linear.ts";
import { slice, split } from "../../core/graph/shape.ts";
import type { Tensor } from "../../core/graph/tensor.ts";
import type { ParameterLookup } from "../../core/model.ts";
import { mixValues } from "../../core/nn/attention.ts";
import { linear, norm } from "../../core/nn/linear.ts";
import type { PoolingNames } from "./names.ts";

/** What {@linkcode poolByQuery} needs beside the rows. */
export interface PoolOptions {
  /** How many sequences there are. */
  readonly batch: number;
  /** Attention heads. */
  readonly heads: number;
  /** Length of queries and of what comes out. */
  readonly dim: number;
  /** Finds a parameter by its name. */
  readonly parameter: ParameterLookup;
}

/** open_clip builds its pooler with the default of its norms. */
const EPSILON = 1e-5;

/**
 * What the first of CoCa's learned queries finds among all tokens (open_clip's `AttentionalPooler`); the
 * others are for its decoder, and queries do not see each other.
 *
 * @param rows `[batch · tokens, width]`.
 * @returns `[batch, dim]`.
 */
export function poolByQuery(
  rows: Tensor,
  names: PoolingNames,
  { batch, heads, dim, parameter }: PoolOptions,
): Tensor {
  const width = rows.shape[1]!;
  const matrices = width === dim
    ? split(parameter(names.joint.weight), [dim, dim, dim], 0)
    : names.parts.map(parameter);
  const biases = split(parameter(names.joint.bias), [dim, dim, dim], 0);
  const times = (x: Tensor, part: number) =>
    gemm(x, matrices[part]!, biases[part]!, { transposeB: true });
  const first = slice(parameter(names.query), { axis: 0, start: 0, end: 1 });
  const query = times(norm(first, names.queryNorm, parameter, EPSILON), 0);
  const tokens = norm(rows, names.rowNorm, parameter, EPSILON);
  const queries = reshape(expand(query, [batch, dim]), [batch, dim]);
  const mixed = mixValues([queries, times(tokens, 1), times(tokens, 2)], { batch, heads });
  return linear(mixed, names.out, parameter);
}
