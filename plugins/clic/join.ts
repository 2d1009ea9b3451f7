/**
 * Sentences in a row, as CLIC's released code puts them: spaces at the end of each are stripped, a
 * full stop is added where there is none, and one space stands between them.
 *
 * @example
 * ```ts
 * import { joinSentences } from "./join.ts";
 *
 * console.assert(joinSentences(["a dog ", "a cat."]) === "a dog. a cat.");
 * ```
 */
export function joinSentences(sentences: readonly string[]): string {
  return sentences.map((sentence) => {
    const stripped = sentence.replace(/ +$/, "");
    return stripped.endsWith(".") ? stripped : `${stripped}.`;
  }).join(" ");
}
