/**
 * Rows of a batch that are no negatives of each other.
 *
 * @module
 */
import { z } from "zod";
import { cast } from "../../core/graph/cast.ts";
import { equal } from "../../core/graph/comparison.ts";
import { maximum, mul, sub } from "../../core/graph/elementwise.ts";
import { reshape } from "../../core/graph/linear.ts";
import { constant } from "../../core/graph/node.ts";
import { max } from "../../core/graph/reduce.ts";
import type { Tensor } from "../../core/graph/tensor.ts";
import type { LossContext } from "../../core/loss.ts";

/**
 * What becomes of texts that are another row's and yet true of a row's picture, because both rows
 * have the text or show the same picture. `"keep"`: they are its negatives like all others, as in the
 * methods' own code. `"drop"`: they stand in none of its denominators, nor it in theirs.
 */
export type Duplicates = "keep" | "drop";

/** The schema of {@linkcode Duplicates}. */
export const duplicatesOption: z.ZodDefault<z.ZodEnum<{ keep: "keep"; drop: "drop" }>> = z
  .enum(["keep", "drop"]).default("keep");

/** Added to the logit of what does not count; e^−10⁴ is 0 in every element type. */
export const ABSENT = -1e4;

/**
 * Which texts are a row's own, whoever else has them.
 *
 * @param own `[batch, count]`: identities of each row's texts.
 * @param texts `[texts]`: identities of those in question.
 * @returns `[batch, texts]` float32: 1 where a text is among the row's, else 0.
 */
export function ownTexts(own: Tensor, texts: Tensor): Tensor {
  const [batch, count] = own.shape as [number, number];
  const [length] = texts.shape as [number];
  const same = equal(reshape(own, [batch, count, 1]), reshape(texts, [1, 1, length]));
  return max(cast(same, "float32"), [1]);
}

/**
 * Which texts of other rows are true of a row's picture: its own, and those of rows that show the
 * same.
 *
 * @param text `[batch, count]`: identities of each row's texts.
 * @returns `[batch, batch, count]` float32, by row, text's row, text: 1 for such a text, else 0.
 */
export function falseNegatives(picture: Tensor, text: Tensor): Tensor {
  const [batch, count] = text.shape as [number, number];
  const texts = reshape(ownTexts(text, reshape(text, [batch * count])), [batch, batch, count]);
  const pictures = equal(reshape(picture, [batch, 1]), reshape(picture, [1, batch]));
  const either = maximum(texts, reshape(cast(pictures, "float32"), [batch, batch, 1]));
  return mul(either, sub(1, reshape(ownPlaces(batch, 1), [batch, batch, 1])));
}

/** `[batch, batch · count]` float32: 1 for the `count` texts that stand in a row itself, else 0. */
export function ownPlaces(batch: number, count: number): Tensor {
  const isOwn = (i: number) => Math.floor(i / (batch * count)) === Math.floor(i / count) % batch;
  const places = Float32Array.from({ length: batch * batch * count }, (_, i) => isOwn(i) ? 1 : 0);
  return constant(places, [batch, batch * count]);
}

/** What {@linkcode falseNegatives} adds to the logits of a loss that drops them; else nothing. */
export function droppedLogits<Group extends string>(
  duplicates: Duplicates,
  { picture, text }: LossContext<Group>["identity"],
  group: Group,
): Tensor | undefined {
  return duplicates === "keep" ? undefined : mul(falseNegatives(picture, text[group]), ABSENT);
}

/**
 * What is added to the logits of all negatives of a batch where those that are one of a row's texts
 * are dropped.
 *
 * @param own `[batch, count]`: identities of each row's texts.
 * @param negatives `[batch, slots]`: identities of the negatives.
 * @param logits `[batch, batch · slots]`: gives the element type.
 */
export function droppedNegatives(own: Tensor, negatives: Tensor, { dtype }: Tensor): Tensor {
  const [batch, slots] = negatives.shape as [number, number];
  return cast(mul(ownTexts(own, reshape(negatives, [batch * slots])), ABSENT), dtype);
}
