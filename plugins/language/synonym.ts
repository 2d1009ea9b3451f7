import { areAlikePrepositions } from "./prepositions.ts";
import type { Tag } from "./tag.ts";
import { readWordNet, type WordNet } from "./wordnet.ts";
import { wordNetPos } from "./wordnet_pos.ts";

/** Whether a word is another one, in any form, or a word of one of its meanings. */
export function isSynonym(wordnet: WordNet, word: string, other: string, tag: Tag): boolean {
  if (plainWord(word) === plainWord(other)) return true;
  const pos = wordNetPos(tag);
  if (pos === undefined) return false;
  const synonyms = new Set(
    wordnet.lemmas(word, pos).flatMap((lemma) => [...wordnet.synonyms(lemma, pos)]).map(plainWord),
  );
  return [other, ...wordnet.lemmas(other, pos)].some((form) => synonyms.has(plainWord(form)));
}

/** A word as it is compared with others: in lower case, with spaces for `_`. */
export function plainWord(word: string): string {
  return word.toLowerCase().replaceAll("_", " ");
}

/**
 * Whether a word is another one, in any form, or a word of one of its meanings; of two prepositions,
 * whether they can be said for each other.
 */
export type SynonymTest = (word: string, other: string, tag: Tag) => boolean;

/**
 * A test by WordNet, which is read when the first two words are compared, and, for prepositions, by
 * {@linkcode areAlikePrepositions}.
 */
export function synonymTest(): SynonymTest {
  const wordnet = readWordNet();
  // Whatever the tag: of "next" in "next to" taggers make an adjective or an adverb.
  return (word, other, tag) =>
    areAlikePrepositions(plainWord(word), plainWord(other)) ||
    isSynonym(wordnet, word, other, tag);
}
