/**
 * Captions begin with a capital letter: their words are tagged all the same, and can be written where
 * others stood.
 *
 * @module
 */
import type { Tag } from "../language/tag.ts";
import type { TaggedToken, Tagger } from "../language/tagger.ts";

/**
 * The tokens of a caption, tagged as if it were in lower case: taggers take a capital letter for a
 * name's, and captions begin with one, or have one at every word. The tokens' text is the caption's.
 *
 * A "verb" right after an article, number or adjective that ends neither in -ing nor in -ed is a
 * noun: "a sink", "two mirrors", "a large tree" are what winkNLP takes for verbs in captions.
 */
export function tagCaption(caption: string, tagger: Tagger): readonly TaggedToken[] {
  const lower = caption.toLowerCase();
  // A few letters change their length with their case, so that places would differ.
  const tokens = tagger.tag(lower.length === caption.length ? lower : caption);
  return tokens.map(({ tag, start, end }, i): TaggedToken => {
    const text = caption.slice(start, end);
    const isNoun = tag === "VERB" && BEFORE_NOUNS.has(tokens[i - 1]?.tag) &&
      !/(?:ing|ed)$/i.test(text);
    return { text, tag: isNoun ? "NOUN" : tag, start, end };
  });
}

const BEFORE_NOUNS: ReadonlySet<Tag | undefined> = new Set<Tag>(["ADJ", "DET", "NUM"]);

/** A part of a caption as it is written where the caption begins. */
export function capitalized(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** A part that began a caption as it is written within it. */
export function uncapitalized(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}
