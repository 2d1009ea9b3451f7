import type { Pointer, Synset, WordNetPos } from "./synset.ts";
import type { WordNet } from "./wordnet.ts";

/** Where {@linkcode wordNetCandidates} looks for words. */
export interface CandidateOptions {
  /**
   * Whose hyponyms count as relatives: those of all the `"grandparent"`'s hyponyms, siblings and
   * cousins, as in CLoVe; or those of the `"parent"`, siblings only.
   */
  readonly reach: "grandparent" | "parent";
  /** Whether a word weighs as often as it was tagged with the meaning, or 1 each time it is found. */
  readonly counts: boolean;
  /** How many of the word's meanings are followed, the most frequent first; `null` for all. */
  readonly senses: number | null;
}

/**
 * Words that mean something related and not the same, with weights above 0, in the order in which
 * they are found: antonyms of a meaning's words, and words of other meanings with the same parent or
 * grandparent. Adjectives, which have neither, go through the nouns that they are derived from and
 * back. None is a word of any meaning of `word`.
 *
 * A word's weight is the sum of max(count, 1) over all ways in which it is found.
 *
 * Source: `_get_span_replacements_for_non_adp` in CLoVe's released code.
 *
 * @param word In any form; all base forms that it can have are looked up.
 */
export function wordNetCandidates(
  wordnet: WordNet,
  word: string,
  pos: WordNetPos,
  options: CandidateOptions,
): ReadonlyMap<string, number> {
  const meanings = meaningsOf(wordnet, word, pos);
  const synonyms = new Set(meanings.flatMap(({ lemmas }) => lemmas));
  const followed = meanings.slice(0, options.senses ?? undefined);
  const weights = new Map<string, number>();
  const find = (synset: Synset, index: number) => {
    const lemma = synset.lemmas[index]!;
    if (synonyms.has(lemma)) return;
    const weight = options.counts ? Math.max(synset.counts[index]!, 1) : 1;
    weights.set(lemma, (weights.get(lemma) ?? 0) + weight);
  };
  for (const meaning of followed) {
    for (const pointer of meaning.pointers) {
      if (pointer.symbol === "!") findTarget(wordnet, pointer, find);
    }
    if (pos === "a") findAdjectives(wordnet, meaning, options, find);
    else findRelatives(wordnet, meaning, options, find);
  }
  return weights;
}

/** All synsets of a word, in all base forms that it can have. */
export function meaningsOf(wordnet: WordNet, word: string, pos: WordNetPos): readonly Synset[] {
  const synsets = wordnet.lemmas(word, pos).flatMap((lemma) => wordnet.synsets(lemma, pos));
  return [...new Set(synsets)];
}

type Find = (synset: Synset, lemma: number) => void;

function findTarget(wordnet: WordNet, { target, targetLemma }: Pointer, find: Find): void {
  if (targetLemma !== undefined) find(wordnet.synset(target), targetLemma);
}

function findRelatives(
  wordnet: WordNet,
  synset: Synset,
  { reach }: CandidateOptions,
  find: Find,
): void {
  const parents = wordnet.hypernyms(synset);
  const families = reach === "parent" ? parents : parents
    .flatMap((parent) => wordnet.hypernyms(parent))
    .flatMap((grandparent) => wordnet.hyponyms(grandparent));
  for (const family of families) {
    for (const relative of wordnet.hyponyms(family)) {
      if (relative !== synset) relative.lemmas.forEach((_, index) => find(relative, index));
    }
  }
}

/** "red" → the noun "red" → its relative, the noun "blue" → "blue". */
function findAdjectives(
  wordnet: WordNet,
  adjective: Synset,
  options: CandidateOptions,
  find: Find,
): void {
  const nouns = adjective.pointers
    .filter(({ symbol, lemma, target }) =>
      symbol === "+" && lemma !== undefined && target.startsWith("n")
    )
    .map(({ target }) => wordnet.synset(target));
  for (const noun of new Set(nouns)) {
    findRelatives(wordnet, noun, options, (relative, index) => {
      for (const pointer of relative.pointers) {
        const isAdjective = pointer.symbol === "+" && pointer.lemma === index &&
          pointer.target.startsWith("a") && pointer.target !== adjective.id;
        if (isAdjective) findTarget(wordnet, pointer, find);
      }
    });
  }
}
