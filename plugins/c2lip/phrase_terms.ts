import { add, div, maximum, mul, sqrt, sub } from "../../core/graph/elementwise.ts";
import { cast } from "../../core/graph/cast.ts";
import { l2Normalize } from "../../core/graph/composite.ts";
import { gemm, matmul, reshape, sum, transpose } from "../../core/graph/linear.ts";
import { constant } from "../../core/graph/node.ts";
import { softmax } from "../../core/graph/softmax.ts";
import type { Tensor } from "../../core/graph/tensor.ts";
import { ownTexts } from "../contrastive/duplicates.ts";
import { softplus } from "../contrastive/sigmoid_contrastive.ts";

/** What is asked of every picture and every phrase. */
export interface PhraseQuestions {
  /** `[batch, batch · count]`: 1 where the picture has the phrase, else 0. */
  readonly positive: Tensor;
  /** `[batch, count]`: 1 where there is such a phrase, else 0. */
  readonly present: Tensor;
  /** s, a scalar. */
  readonly logitScale: Tensor;
  /** b, a scalar. */
  readonly bias: Tensor;
}

/**
 * Which phrases a picture has: those that stand in its row (`"own"`), or all that read like one of
 * them, whosever they are (`"same"`).
 *
 * @param identity `[batch, count]`: of each phrase.
 * @returns `[batch, batch · count]`.
 */
export function positivesOf(shared: "own" | "same", identity: Tensor, { dtype }: Tensor): Tensor {
  const [batch, count] = identity.shape as [number, number];
  const all = batch * count;
  if (shared === "same") return cast(ownTexts(identity, reshape(identity, [all])), dtype);
  const own = Array.from(
    { length: batch * all },
    (_, i) => Math.floor(i / all) === Math.floor((i % all) / count) ? 1 : 0,
  );
  return constant(own, [batch, all], dtype);
}

/** `[batch, batch · count]`: cosines of all pictures and all phrases. */
export function wholeCosines(image: Tensor, phrase: Tensor): Tensor {
  const [batch, count, dim] = phrase.shape as [number, number, number];
  return gemm(image, reshape(phrase, [batch * count, dim]), undefined, { transposeB: true });
}

/**
 * Cosines of all phrases and what each finds in every picture: patches of unit length, pooled with
 * weights that are the softmax of their cosines with the phrase.
 *
 * The pooled patches themselves are never made, as they would be as many as pictures times phrases:
 * with weights w, cosines a and G of patch with patch, the cosine is `w·a / √(wᵀ·G·w)`.
 *
 * @param patches `[batch, patches, dim]`.
 * @param phrase `[batch, count, dim]`, rows of unit length.
 * @returns `[batch, batch · count]`.
 */
export function pooledCosines(patches: Tensor, phrase: Tensor): Tensor {
  const [batch, count, dim] = phrase.shape as [number, number, number];
  const unit = l2Normalize(patches);
  const each = transpose(matmul(unit, transpose(reshape(phrase, [batch * count, dim]))));
  const weights = softmax(each, 2);
  const along = sum(mul(weights, each), [2]);
  const squared = sum(mul(matmul(weights, matmul(unit, transpose(unit))), weights), [2]);
  // Below this the authors' code takes a length for 0.
  return div(along, sqrt(maximum(squared, 1e-16)));
}

/**
 * SigLIP's question of all pictures and all phrases that are there, `−Σ log σ(z·(s·cos + b))` by the
 * number of phrases, z 1 where the picture has the phrase and −1 elsewhere.
 *
 * @param cosines `[batch, batch · count]`.
 * @returns a scalar.
 */
export function phraseTerm(cosines: Tensor, questions: PhraseQuestions): Tensor {
  const { positive, present, logitScale, bias } = questions;
  const there = reshape(present, [1, -1]);
  const logits = add(mul(logitScale, cosines), bias);
  const asked = mul(sub(softplus(logits), mul(logits, positive)), there);
  return div(sum(asked), maximum(sum(present), 1));
}
