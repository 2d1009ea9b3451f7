import type { Tag } from "./tag.ts";

/** A word or mark of a sentence, with its part of speech. */
export interface TaggedToken {
  /** Exactly `sentence.slice(start, end)`. */
  readonly text: string;
  /** Its universal part of speech. */
  readonly tag: Tag;
  /** Where it begins, in UTF-16 code units. */
  readonly start: number;
  /** Where it ends, exclusive. */
  readonly end: number;
}

/**
 * Finds the words of a sentence and their parts of speech. The same sentence always gives the same
 * tokens, whatever was tagged before it.
 */
export interface Tagger {
  /** For manifests: which tagger's tags these are. */
  readonly name: string;
  /**
   * The tokens of a sentence in its order. They do not overlap, and together they hold everything
   * but white space. A contraction is two tokens that touch: `is` and `n't`.
   */
  tag(sentence: string): readonly TaggedToken[];
}

/** Whether a value has the members of a {@linkcode Tagger}. */
export function isTagger(value: unknown): value is Tagger {
  return typeof value === "object" && value !== null && "name" in value && "tag" in value &&
    typeof value.tag === "function";
}
