/**
 * Judges of whether a negative says what its caption says. They have nothing of the generators but
 * WordNet's files and the lists of prepositions: not their tagger, and no choice of what may change.
 */
import { PREPOSITIONS } from "../plugins/clove/prepositions.ts";
import { areAlikePrepositions, isSymmetricLink } from "../plugins/language/prepositions.ts";
import { isSynonym } from "../plugins/language/synonym.ts";
import type { WordNet } from "../plugins/language/wordnet.ts";
import { differences, termsOf } from "./compare_sentences.ts";

const ARTICLE = /^(?:a|an|the|some)$/;

/** The words of a text, without marks and with one form of the indefinite article. */
function wordsOf(text: string): readonly string[] {
  const words = text.toLowerCase().match(/[\p{L}\p{N}'’-]+/gu) ?? [];
  return words.map((word) => word === "an" ? "a" : word);
}

/** What is left of two lists without what both begin and end with. */
function middles(
  a: readonly string[],
  b: readonly string[],
): readonly [readonly string[], readonly string[], start: number] {
  let start = 0;
  while (start < Math.min(a.length, b.length) && a[start] === b[start]) start++;
  let end = 0;
  while (
    end < Math.min(a.length, b.length) - start && a.at(-1 - end) === b.at(-1 - end)
  ) end++;
  return [a.slice(start, a.length - end), b.slice(start, b.length - end), start];
}

/**
 * Whether the negative names two things in the other order and nothing else: of "X and Y" it is "Y
 * and X", as it is with "with", "next to" and the like ({@linkcode isSymmetricLink}).
 */
export function isSymmetricSwap(caption: string, negative: string): boolean {
  const words = wordsOf(caption);
  const [a, b, start] = middles(words, wordsOf(negative));
  if (a.length !== b.length) return false;
  const text = b.join(" ");
  for (let first = 1; first < a.length - 1; first++) {
    for (let second = first + 1; second < a.length; second++) {
      const between = a.slice(first, second);
      const link = between.filter((word) => !ARTICLE.test(word)).join(" ");
      const isJoined = link !== "" && isSymmetricLink(link);
      const swapped = [...a.slice(second), ...between, ...a.slice(0, first)].join(" ");
      if (!isJoined || swapped !== text) continue;
      // With an article of its own the second thing shares no words with the first.
      if (!ARTICLE.test(between.at(-1)!)) return true;
      return !isTorn(words, start);
    }
  }
  return false;
}

/**
 * Whether what changed places leaves a word behind that belongs to it: an adjective, a number or
 * another noun before its position, as in "a toaster oven and a laptop".
 */
function isTorn(words: readonly string[], start: number): boolean {
  const terms = termsOf(words.join(" "));
  // Where the tagger parts words otherwise, nothing can be said.
  if (terms.length !== words.length) return false;
  return ["Adjective", "Noun", "Value"].includes(terms[start - 1]?.tag ?? "");
}

/** Longest first, as "on top of" begins with "on". */
const known = PREPOSITIONS.map(({ word }) => word.split(" "))
  .concat([["next", "to"], ["close", "to"]])
  .sort((a, b) => b.length - a.length);

/**
 * The prepositions that take each other's places; `undefined` where something else has changed.
 *
 * @returns also whether they can be said for each other.
 */
export function changedPreposition(
  caption: string,
  negative: string,
): { readonly before: string; readonly after: string; readonly alike: boolean } | undefined {
  const [a, b] = [wordsOf(caption), wordsOf(negative)];
  const [, , start] = middles(a, b);
  // Both may begin alike: "on" and "on top of".
  for (let from = start; from >= Math.max(0, start - 3); from--) {
    const [before, after] = [prepositionAt(a, from), prepositionAt(b, from)];
    if (before === undefined || after === undefined) continue;
    const isRest =
      a.slice(from + before.length).join(" ") === b.slice(from + after.length).join(" ");
    if (!isRest) continue;
    const [one, other] = [before.join(" "), after.join(" ")];
    return { before: one, after: other, alike: areAlikePrepositions(one, other) };
  }
  return undefined;
}

function prepositionAt(words: readonly string[], at: number): readonly string[] | undefined {
  return known.find((each) => each.every((word, i) => words[at + i] === word));
}

/**
 * Whether every changed stretch of words shares a meaning with what stands for it, as one word of any
 * part of speech and in any of its senses, rare ones included. So this finds too many rather than
 * too few.
 */
export function sharesMeaning(wordnet: WordNet, caption: string, negative: string): boolean {
  return differences(termsOf(caption), termsOf(negative)).every(({ before, after }) => {
    const [one, other] = [before, after].map((terms) => terms.map(({ word }) => word).join(" "));
    return one !== "" && other !== "" &&
      (["NOUN", "VERB", "ADJ", "ADV"] as const).some((tag) =>
        isSynonym(wordnet, one!, other!, tag)
      );
  });
}
