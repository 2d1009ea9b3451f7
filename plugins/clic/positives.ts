import type { Random } from "../../core/random.ts";
import { joinSentences } from "./join.ts";

/**
 * The positives of a pair: s₁(A) s₁(B), then s₁(B) s₁(A), then further captions of A and of B,
 * the k-th of each joined in random order.
 *
 * @param a Captions of picture A, the main one first; at least one.
 * @param b Captions of picture B, likewise.
 * @param count How many, at least 2.
 */
export function drawPositives(
  a: readonly string[],
  b: readonly string[],
  count: number,
  random: Random,
): string[] {
  const furtherOfA = drawFurther(a, count - 2, random);
  const furtherOfB = drawFurther(b, count - 2, random);
  return [
    joinSentences([a[0]!, b[0]!]),
    joinSentences([b[0]!, a[0]!]),
    ...furtherOfA.map((caption, k) => joinSentences(random.shuffle([caption, furtherOfB[k]!]))),
  ];
}

/** Captions from the second on: a sample, or all of them and the missing ones drawn again. */
function drawFurther(captions: readonly string[], count: number, random: Random): string[] {
  // The released code ends with an error where there is no second caption.
  const further = captions.length > 1 ? captions.slice(1) : captions;
  if (further.length >= count) return random.sample(further, count);
  const missing = Array.from({ length: count - further.length }, () => random.pick(further));
  return [...further, ...missing];
}
