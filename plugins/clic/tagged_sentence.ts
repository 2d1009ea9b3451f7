import type { TaggedToken, Tagger } from "../language/tagger.ts";

/** A sentence with its tokens. */
export interface TaggedSentence {
  /** The sentence itself. */
  readonly text: string;
  /** In the sentence's order; `token.text` is `text.slice(token.start, token.end)`. */
  readonly tokens: readonly TaggedToken[];
}

/** The sentence in lower case, as CLIC tags and uses it, with its tokens. */
export function tagSentence(sentence: string, tagger: Tagger): TaggedSentence {
  const text = sentence.toLowerCase();
  return { text, tokens: tagger.tag(text) };
}
