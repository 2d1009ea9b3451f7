import { nounPhrases, textBetween } from "../language/noun_phrases.ts";
import { toPlural } from "../language/compromise_inflection.ts";
import type { TaggedToken } from "../language/tagger.ts";
import { uncapitalized } from "../negclip/tag_caption.ts";

/** Something that a caption names. */
export interface Thing {
  /** As the caption says it: `"a small dog"`. */
  readonly phrase: string;
  /** Its nouns, which "no" may stand before: `"dog"`, `"birthday cake"`. */
  readonly noun: string;
  /** The last of its nouns, in lower case. */
  readonly head: string;
}

/** Nouns of captions that name nothing that could be there or not. */
const NO_THINGS: ReadonlySet<string> = new Set(
  ("back background bottom bunch center close couple edge end front group image kind left lot " +
    "middle number pair part photo photograph picture piece right row set shot side something top " +
    "type variety view way").split(" "),
);

const isNoun = ({ tag }: TaggedToken) => tag === "NOUN" || tag === "PROPN";

/** The things that a caption names, by its noun phrases. */
export function thingsOf(caption: string, tokens: readonly TaggedToken[]): readonly Thing[] {
  return nounPhrases(tokens).flatMap(({ start, end, head }) => {
    let first = head;
    while (first > start && isNoun(tokens[first - 1]!)) first--;
    const [phrase, noun] = [start, first].map((from) =>
      lowerStart(textBetween(caption, tokens, { start: from, end }), tokens[from]!)
    ) as [string, string];
    const last = tokens[head]!.text.toLowerCase();
    return NO_THINGS.has(last) ? [] : [{ phrase, noun, head: last }];
  });
}

/** A text that begins with this token as it stands within a sentence. */
export function lowerStart(text: string, { tag, start }: TaggedToken): string {
  return start === 0 && tag !== "PROPN" ? uncapitalized(text) : text;
}

/** The words of captions, nouns in the plural too. */
export function wordsOf(captions: Iterable<readonly TaggedToken[]>): ReadonlySet<string> {
  const words = new Set<string>();
  for (const tokens of captions) {
    for (const token of tokens) {
      const word = token.text.toLowerCase();
      words.add(word);
      if (isNoun(token)) words.add(toPlural(word));
    }
  }
  return words;
}

/** Whether words name a thing, be it in the singular or the plural. */
export function isNamed({ head }: Thing, words: ReadonlySet<string>): boolean {
  return words.has(head) || words.has(toPlural(head));
}
