/**
 * A text's words without their order: letters, digits and apostrophes in lower case, sorted. Two
 * texts that give the same are one to whoever does not see the order of words.
 *
 * @example
 * ```ts
 * import { wordsOf } from "./words_of.ts";
 *
 * console.assert(wordsOf("A cat on a dog.") === wordsOf("a dog on a cat"));
 * ```
 */
export function wordsOf(text: string): string {
  return (text.toLowerCase().match(/[\p{L}\p{N}_']+/gu) ?? []).toSorted().join(" ");
}
