import type { Tag } from "./tag.ts";
import type { TaggedToken } from "./tagger.ts";

const isDeterminer = (tag: Tag | undefined) => tag === "DET";
const isModifier = (tag: Tag | undefined) => tag === "ADJ" || tag === "NUM";
const isNoun = (tag: Tag | undefined) => tag === "NOUN" || tag === "PROPN";

/**
 * The noun phrases of a sentence, none within another: a determiner if there is one, then any
 * adjectives, numbers and nouns, up to a noun. Nouns in a row ("birthday cake") count as one noun.
 *
 * @returns indices of tokens: `start`, the phrase's first, `end`, the one after its last, and `head`,
 *   its noun, the last of its own.
 *
 * @example
 * ```ts
 * import { nounPhrases, winkTagger } from "@syntagma/syntagma/language";
 *
 * const phrases = nounPhrases(winkTagger().tag("a small dog on the sofa"));
 * console.assert(phrases.map(({ head }) => head).join() === "2,5");
 * ```
 */
export function nounPhrases(
  tokens: readonly TaggedToken[],
): readonly { readonly start: number; readonly end: number; readonly head: number }[] {
  const phrases: NounPhrase[] = [];
  const tagAt = (index: number): Tag | undefined => tokens[index]?.tag;
  let next = 0;
  for (let start = 0; start < tokens.length; start = Math.max(next, start + 1)) {
    const first = isDeterminer(tagAt(start)) ? start + 1 : start;
    next = first;
    while (isModifier(tagAt(next)) || isNoun(tagAt(next))) next++;
    // What follows the last noun modifies nothing.
    let end = next;
    while (end > first && !isNoun(tagAt(end - 1))) end--;
    if (end > first) phrases.push({ start, end, head: end - 1 });
  }
  return phrases;
}

type NounPhrase = ReturnType<typeof nounPhrases>[number];

/** The words of a sentence from one token up to another, as they stand in it. */
export function textBetween(
  sentence: string,
  tokens: readonly TaggedToken[],
  { start, end }: Pick<NounPhrase, "start" | "end">,
): string {
  return sentence.slice(tokens[start]!.start, tokens[end - 1]!.end);
}
