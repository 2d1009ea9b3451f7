import { div, maximum, mul, sqrt } from "../../core/graph/elementwise.ts";
import { l2Normalize } from "../../core/graph/composite.ts";
import { matmul, sum, transpose } from "../../core/graph/linear.ts";
import type { Tensor } from "../../core/graph/tensor.ts";

/**
 * Cosines of queries with what each finds in a picture: the patches, pooled with weights of its own.
 *
 * The pooled patches themselves are never made, as they would be as many as pictures times queries:
 * with weights w, products a of the query with the patches and G of patch with patch, the cosine is
 * `w·a / √(wᵀ·G·w)`, by the length of the query.
 *
 * @param patches `[pictures, patches, dim]`.
 * @param queries `[pictures, queries, dim]` of each picture, or `[queries, dim]` for all of them.
 * @param attend From the products `[pictures, queries, patches]` to the weights, of the same shape.
 * @returns `[pictures, queries]`.
 */
export function pooledCosines(
  patches: Tensor,
  queries: Tensor,
  attend: (products: Tensor) => Tensor,
): Tensor {
  const unit = l2Normalize(queries);
  const products = transpose(matmul(patches, transpose(unit)));
  const weights = attend(products);
  const along = sum(mul(weights, products), [2]);
  const inner = matmul(patches, transpose(patches));
  const squared = sum(mul(matmul(weights, inner), weights), [2]);
  // Below this C2LIP's code takes a length for 0.
  return div(along, sqrt(maximum(squared, 1e-16)));
}
