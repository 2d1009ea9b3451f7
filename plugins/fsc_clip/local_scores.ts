import { cast } from "../../core/graph/cast.ts";
import { equal } from "../../core/graph/comparison.ts";
import { add, div, mul, stopGradient, sub } from "../../core/graph/elementwise.ts";
import { reshape, sum } from "../../core/graph/linear.ts";
import { constant } from "../../core/graph/node.ts";
import { max, min } from "../../core/graph/reduce.ts";
import { logSumExp } from "../../core/graph/softmax.ts";
import type { Tensor } from "../../core/graph/tensor.ts";
import { ABSENT } from "../contrastive/duplicates.ts";
import { pooledCosines } from "../contrastive/pooled_cosines.ts";

/**
 * How well each text of a picture fits it, word by word: every token looks for its patches, by
 * similarities that are brought to [0, 1] and to a sum of 1 and are held constant, and the scaled
 * cosines of tokens and their patches go together by log Σ exp. The start token is left out.
 *
 * @param patches `[batch, patches, dim]`.
 * @param tokens Of one group: `embeddings` `[batch, count, tokens, dim]`, `present`
 *   `[batch, count, tokens]`.
 * @param logitScale s, a scalar.
 * @returns `[batch, count]`.
 */
export function localScores(
  patches: Tensor,
  tokens: { readonly embeddings: Tensor; readonly present: Tensor },
  logitScale: Tensor,
): Tensor {
  const [batch, count, length, dim] = tokens.embeddings.shape as [number, number, number, number];
  const words = reshape(tokens.embeddings, [batch, count * length, dim]);
  const scaled = mul(logitScale, pooledCosines(patches, words, toWeights));
  const notStart = constant(Array.from({ length }, (_, i) => i && 1), [length], scaled.dtype);
  const counted = mul(cast(tokens.present, scaled.dtype), notStart);
  const scores = reshape(scaled, [batch, count, length]);
  return logSumExp(add(scores, mul(sub(1, counted), ABSENT)), 2);
}

/** Weights of patches, of sum 1, the least similar one's 0; all alike where similarities are. */
function toWeights(similarity: Tensor): Tensor {
  const most = max(similarity, [2], { keepDims: true });
  const least = min(similarity, [2], { keepDims: true });
  const alike = cast(equal(most, least), similarity.dtype);
  const above = add(sub(similarity, least), alike);
  return stopGradient(div(above, sum(above, [2], { keepDims: true })));
}
