import type { Random } from "../../core/random.ts";
import type { SynonymTest } from "../language/synonym.ts";
import type { Tag } from "../language/tag.ts";
import {
  isWhole,
  type Replacement,
  replacePattern,
  replaceToken,
  stripWord,
} from "./replace_word.ts";
import type { TaggedSentence } from "./tagged_sentence.ts";

/** How {@linkcode swapWords} finds words, and what it does where no tag is eligible. */
export interface SwapOptions {
  /** How a word is found in its sentence. */
  readonly replacement: Replacement;
  /**
   * Where no tag is eligible: `"any-token"` takes any token of each sentence, as the released code
   * does, `"redraw"` gives up, so that another partner can be drawn.
   */
  readonly fallback: "any-token" | "redraw";
  /** Where given, words for which it holds do not change places. */
  readonly areSynonyms?: SynonymTest;
}

/** Words are drawn so often until they are no synonyms. */
const TRIES = 10;

const EXCLUDED: ReadonlySet<Tag> = new Set<Tag>([
  "AUX",
  "DET",
  "INTJ",
  "PART",
  "PUNCT",
  "SYM",
  "X",
  "SCONJ",
  "CCONJ",
]);

/**
 * The two sentences after a word of one has changed places with a word of the other, each at its
 * every occurrence: CLIC's hard negative.
 *
 * A tag is eligible if both sentences have words of it that the other has not, and it is none of
 * AUX, DET, INTJ, PART, PUNCT, SYM, X, SCONJ, CCONJ. One eligible tag is drawn, then one of its
 * distinct words from each sentence, all uniformly.
 *
 * @returns `undefined` if no tag is eligible (or only synonyms were drawn) and the fallback is
 *   `"redraw"`, or a sentence is empty.
 *
 * @example
 * ```ts
 * import { createRandom } from "@syntagma/syntagma";
 * import { swapWords } from "./swap.ts";
 * import { tagSentence } from "./tagged_sentence.ts";
 * import { winkTagger } from "@syntagma/syntagma/language";
 *
 * const tagger = winkTagger();
 * const swapped = swapWords(
 *   tagSentence("The dog sleeps.", tagger),
 *   tagSentence("The cat sleeps.", tagger),
 *   createRandom(1),
 *   { replacement: "token", fallback: "redraw" },
 * );
 * console.assert(swapped?.join(" ") === "the cat sleeps. the dog sleeps.");
 * ```
 */
export function swapWords(
  a: TaggedSentence,
  b: TaggedSentence,
  random: Random,
  { replacement, fallback, areSynonyms }: SwapOptions,
): readonly [string, string] | undefined {
  const words = drawWords(eligibleWords(a, b, replacement), random, areSynonyms) ??
    (fallback === "any-token" ? drawTokens(a, b, random) : undefined);
  return words && exchange(a, b, words, replacement);
}

/**
 * Every swap that {@linkcode swapWords} can draw under an eligible tag, each once, in random order:
 * a tag that has swaps left is drawn uniformly, then one of its swaps.
 */
export function* allSwaps(
  a: TaggedSentence,
  b: TaggedSentence,
  random: Random,
  { replacement, areSynonyms }: Pick<SwapOptions, "replacement" | "areSynonyms">,
): Generator<readonly [string, string]> {
  const left = eligibleWords(a, b, replacement).map(([onlyA, onlyB, tag]) =>
    random.shuffle(onlyA.flatMap((wordA) => onlyB.map((wordB) => [wordA, wordB, tag] as const)))
  );
  while (left.length > 0) {
    const swaps = random.pick(left);
    const [wordA, wordB, tag] = swaps.pop()!;
    if (!areSynonyms?.(wordA, wordB, tag)) yield exchange(a, b, [wordA, wordB], replacement);
    if (swaps.length === 0) left.splice(left.indexOf(swaps), 1);
  }
}

function exchange(
  a: TaggedSentence,
  b: TaggedSentence,
  [wordA, wordB]: readonly [string, string],
  replacement: Replacement,
): readonly [string, string] {
  return replacement === "token"
    ? [replaceToken(a, wordA, wordB), replaceToken(b, wordB, wordA)]
    // The released code inserts one word stripped and the other as it stands.
    : [replacePattern(a.text, wordA, stripWord(wordB)), replacePattern(b.text, wordB, wordA)];
}

/** Of each eligible tag the words that only `a` has and those that only `b` has. */
function eligibleWords(
  a: TaggedSentence,
  b: TaggedSentence,
  replacement: Replacement,
): (readonly [string[], string[], Tag])[] {
  const wordsOfA = wordsByTag(a, replacement);
  const wordsOfB = wordsByTag(b, replacement);
  const eligible: (readonly [string[], string[], Tag])[] = [];
  for (const [tag, inA] of wordsOfA) {
    const inB = wordsOfB.get(tag) ?? new Set();
    const onlyA = [...inA.difference(inB)];
    const onlyB = [...inB.difference(inA)];
    if (onlyA.length > 0 && onlyB.length > 0) eligible.push([onlyA, onlyB, tag]);
  }
  return eligible;
}

/** A word of each sentence under one of the eligible tags. */
function drawWords(
  eligible: readonly (readonly [string[], string[], Tag])[],
  random: Random,
  areSynonyms?: SynonymTest,
): readonly [string, string] | undefined {
  if (eligible.length === 0) return undefined;
  for (let tries = 0; tries < TRIES; tries++) {
    const [onlyA, onlyB, tag] = random.pick(eligible);
    const words = [random.pick(onlyA), random.pick(onlyB)] as const;
    if (!areSynonyms?.(...words, tag)) return words;
  }
  return undefined;
}

function drawTokens(
  a: TaggedSentence,
  b: TaggedSentence,
  random: Random,
): readonly [string, string] | undefined {
  if (a.tokens.length === 0 || b.tokens.length === 0) return undefined;
  return [random.pick(a.tokens).text, random.pick(b.tokens).text];
}

function wordsByTag(sentence: TaggedSentence, replacement: Replacement): Map<Tag, Set<string>> {
  const words = new Map<Tag, Set<string>>();
  for (const token of sentence.tokens) {
    if (EXCLUDED.has(token.tag)) continue;
    if (replacement === "token" && !isWhole(sentence.text, token)) continue;
    const ofTag = words.get(token.tag) ?? new Set();
    words.set(token.tag, ofTag.add(token.text));
  }
  return words;
}
