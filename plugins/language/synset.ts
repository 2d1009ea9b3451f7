/** WordNet's parts of speech: noun, verb, adjective (satellites too), adverb. */
export type WordNetPos = "n" | "v" | "a" | "r";

/** A set of words that mean the same. */
export interface Synset {
  /** The part of speech and the place in WordNet's file of it: `"n02086723"`. */
  readonly id: string;
  /** The part of speech that its words are. */
  readonly pos: WordNetPos;
  /** Its words as WordNet writes them, `_` for a space: `"domestic_dog"`. */
  readonly lemmas: readonly string[];
  /** How often each word stands for this meaning in the texts that WordNet's authors tagged. */
  readonly counts: readonly number[];
  /** What it, or a word of it, is related to. */
  readonly pointers: readonly Pointer[];
}

/** A relation between two meanings, or between a word of the one and a word of the other. */
export interface Pointer {
  /** WordNet's sign: `@` hypernym, `~` hyponym, `!` antonym, `+` derivation, … */
  readonly symbol: string;
  /** The related synset's id. */
  readonly target: string;
  /** Which word of this synset, by its index; `undefined` for the synset as a whole. */
  readonly lemma: number | undefined;
  /** Which word of the related synset. */
  readonly targetLemma: number | undefined;
}
