import type { Tag } from "../language/tag.ts";
import type { TaggedToken } from "../language/tagger.ts";

/**
 * The indices of a caption's tokens that have this part of speech and are words of their own, not
 * parts of one such as "'s", nor of a preposition such as "next to".
 */
export function wordsOf(
  tag: Tag,
  caption: string,
  tokens: readonly TaggedToken[],
): readonly number[] {
  return tokens.flatMap((token, i) =>
    token.tag === tag && isWord(caption, token) && !isPreposition(i, tokens) ? [i] : []
  );
}

function isWord(caption: string, { start, end, text }: TaggedToken): boolean {
  return /^[\p{L}\p{N}]/u.test(text) && !/[\p{L}\p{N}]$/u.test(caption.slice(0, start)) &&
    !/^[\p{L}\p{N}]/u.test(caption.slice(end, end + 2));
}

/** Words that are a preposition together with the ones around them; taggers make adjectives of them. */
const PREPOSITIONS = /^(?:\S* next to|on top of|in front of|\S* close to)$/;

function isPreposition(index: number, tokens: readonly TaggedToken[]): boolean {
  if (tokens[index]!.tag === "NOUN") return false;
  const around = [index - 1, index, index + 1].map((i) => tokens[i]?.text.toLowerCase() ?? "");
  return PREPOSITIONS.test(around.join(" "));
}
