import { isSymmetricLink } from "../language/prepositions.ts";
import { mendArticle } from "../language/mend_article.ts";
import { nounPhrases } from "../language/noun_phrases.ts";
import type { SynonymTest } from "../language/synonym.ts";
import type { Tag } from "../language/tag.ts";
import type { TaggedToken, Tagger } from "../language/tagger.ts";
import { capitalized, tagCaption, uncapitalized } from "./tag_caption.ts";
import { wordsOf } from "./words.ts";

/** What changes places: two noun phrases, or two words of one part of speech. */
export type SwapKind = "phrases" | "nouns" | "adjectives" | "adverbs" | "verbs";

/** Two parts of a caption that can change places. */
export interface Swap {
  /** What they are. */
  readonly kind: SwapKind;
  /** The one that comes first. */
  readonly first: Part;
  /** The other one; it begins where the first has ended or later. */
  readonly second: Part;
}

/** A stretch of a caption, in UTF-16 code units. */
export interface Part {
  /** Where it begins. */
  readonly start: number;
  /** Where it ends, exclusive. */
  readonly end: number;
}

/** Which swaps are made, and how. */
export interface SwapSettings {
  /** Finds words and their parts of speech. */
  readonly tagger: Tagger;
  /**
   * Whether parts change places that can do so without a change of meaning ("a black and white
   * cat", "two sinks next to two mirrors", "a man with a dog", "a long hot dog"): `"keep"` as in
   * the published negatives, or `"drop"`.
   */
  readonly symmetric: "keep" | "drop";
  /** Whether "a" and "an" are made to fit the word that comes after them: `"mend"` or `"keep"`. */
  readonly articles: "keep" | "mend";
}

const wordKinds: readonly (readonly [Tag, SwapKind])[] = [
  ["NOUN", "nouns"],
  ["ADJ", "adjectives"],
  ["ADV", "adverbs"],
  ["VERB", "verbs"],
];

/**
 * The pairs of a caption that can change places, in a fixed order: any two noun phrases that hold
 * more than an article and a noun, any two nouns, adjectives, adverbs, verbs, as long as they differ.
 */
export function possibleSwaps(caption: string, settings: SwapSettings): readonly Swap[] {
  const tokens = tagCaption(caption, settings.tagger);
  const phrases = nounPhrases(tokens);
  const groups: (readonly [SwapKind, readonly Run[]])[] = [
    ["phrases", phrases.filter((phrase) => isRich(phrase, tokens))],
    ...wordKinds.map(([tag, kind]) => [kind, runsOf(wordsOf(tag, caption, tokens))] as const),
  ];
  const textOf = ({ start, end }: Run) =>
    caption.slice(tokens[start]!.start, tokens[end - 1]!.end).toLowerCase();
  const swaps: Swap[] = [];
  for (const [kind, runs] of groups) {
    for (const [i, first] of runs.entries()) {
      for (const second of runs.slice(i + 1)) {
        if (textOf(first) === textOf(second)) continue;
        if (settings.symmetric === "drop" && isSymmetric(kind, first, second, tokens, phrases)) {
          continue;
        }
        swaps.push({ kind, first: partOf(first, tokens), second: partOf(second, tokens) });
      }
    }
  }
  return swaps;
}

/**
 * The caption after two of its parts have changed places. A capital letter that begins the caption
 * stays where it is, and articles are mended if they are to be.
 */
export function applySwap(
  caption: string,
  { first, second }: Swap,
  { articles }: Pick<SwapSettings, "articles">,
): string {
  const [one, other] = [
    caption.slice(first.start, first.end),
    caption.slice(second.start, second.end),
  ];
  const isOpening = caption.slice(0, first.start).trim() === "" && /^\p{Lu}(?!\p{Lu})/u.test(one);
  const earlier = isOpening ? capitalized(other) : other;
  const later = isOpening ? uncapitalized(one) : one;
  const between = caption.slice(first.end, second.start);
  const swapped = caption.slice(0, first.start) + earlier + between + later +
    caption.slice(second.end);
  if (articles === "keep") return swapped;
  // The later place first: mending moves what comes after it.
  const laterStart = first.start + earlier.length + between.length;
  return mendArticle(mendArticle(swapped, laterStart), first.start);
}

/** Whether the two words of a swap are synonyms or forms of one word: it says what the caption says. */
export function swapsSynonyms(
  caption: string,
  { kind, first, second }: Swap,
  areSynonyms: SynonymTest,
): boolean {
  const tag = wordKinds.find(([, each]) => each === kind)?.[0];
  const textOf = ({ start, end }: Part) => caption.slice(start, end);
  return tag !== undefined && areSynonyms(textOf(first), textOf(second), tag);
}

/** Tokens in a row. */
interface Run {
  readonly start: number;
  /** Exclusive. */
  readonly end: number;
}

function runsOf(indices: readonly number[]): readonly Run[] {
  return indices.map((start) => ({ start, end: start + 1 }));
}

function partOf({ start, end }: Run, tokens: readonly TaggedToken[]): Part {
  return { start: tokens[start]!.start, end: tokens[end - 1]!.end };
}

/** Whether a noun phrase is more than an article and a word: a swap of such would be one of nouns. */
function isRich({ start, end }: Run, tokens: readonly TaggedToken[]): boolean {
  return end - start > (tokens[start]!.tag === "DET" ? 2 : 1);
}

/**
 * Whether a caption means the same after the swap: nothing but articles, marks and words such as
 * "and" or "with" stand between the two (and, in a list, others of their kind), and neither takes over
 * a modifier of the other.
 */
function isSymmetric(
  kind: SwapKind,
  first: Run,
  second: Run,
  tokens: readonly TaggedToken[],
  phrases: readonly Run[],
): boolean {
  let [one, other] = [first, second];
  if (kind === "nouns") {
    const [phrase, otherPhrase] = [phraseOf(first, phrases), phraseOf(second, phrases)];
    // Two nouns of one phrase ("stop sign") do not change places freely.
    if (phrase === otherPhrase) return false;
    const own = modifiers(phrase, first, tokens);
    // What follows the second noun may belong to both, as in "pasta and potato salad", or be a verb
    // that the tagger takes for a noun. So may what stands before the first: "a small dog and cat".
    const before = { start: otherPhrase.start, end: second.end };
    const isShared = first.end === phrase.end &&
      (second.start === before.start || own === modifiers(before, second, tokens));
    if (!isShared && own !== modifiers(otherPhrase, second, tokens)) return false;
    [one, other] = [phrase, otherPhrase];
  }
  const tag = kind === "phrases" ? undefined : tokens[first.start]!.tag;
  const between = tokens.slice(one.end, other.start)
    .filter((token) => token.tag !== "PUNCT" && token.tag !== "DET" && token.tag !== tag)
    .map(({ text }) => text.toLowerCase()).join(" ");
  // Verbs without a word between them are hardly ever a list.
  return isSymmetricLink(between) && (between !== "" || kind !== "verbs");
}

/** The phrase that a noun stands in; the noun itself where the tagger's phrases leave it out. */
function phraseOf(noun: Run, phrases: readonly Run[]): Run {
  return phrases.find(({ start, end }) => start <= noun.start && noun.end <= end) ?? noun;
}

/** A phrase, or the beginning of one, without its articles and this noun. */
function modifiers({ start, end }: Run, noun: Run, tokens: readonly TaggedToken[]): string {
  return tokens.slice(start, end)
    .filter(({ tag }, i) => tag !== "DET" && start + i !== noun.start)
    .map(({ text }) => text.toLowerCase()).join(" ");
}
