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
  /**
   * What it, or a word of it, is related to: `symbol` is WordNet's sign (`@` hypernym, `~` hyponym, `!`
   * antonym, `+` derivation, …), `target` the related synset's id, `lemma` which word of this synset, by
   * its index, and `targetLemma` which word of that one; `undefined` for a synset as a whole.
   */
  readonly pointers: readonly {
    readonly symbol: string;
    readonly target: string;
    readonly lemma: number | undefined;
    readonly targetLemma: number | undefined;
  }[];
}

/** A relation between two meanings, or between a word of the one and a word of the other. */
export type Pointer = Synset["pointers"][number];
