import type { Random } from "../../core/random.ts";
import { nounPhrases } from "../language/noun_phrases.ts";
import type { Tag } from "../language/tag.ts";
import { isWhole, replaceSpans, type Span } from "./replace_word.ts";
import type { TaggedSentence } from "./tagged_sentence.ts";

/**
 * The two sentences after a noun phrase of one has changed places with a noun phrase of the other,
 * each at its every occurrence. Determiners and numbers before a phrase stay where they are, and
 * phrases that both sentences have are left alone.
 *
 * @returns `undefined` if a sentence has no noun phrase that the other has not.
 */
export function swapNounPhrases(
  a: TaggedSentence,
  b: TaggedSentence,
  random: Random,
): readonly [string, string] | undefined {
  const phrasesOfA = spansByPhrase(a);
  const phrasesOfB = spansByPhrase(b);
  const onlyA = [...phrasesOfA.keys()].filter((phrase) => !phrasesOfB.has(phrase));
  const onlyB = [...phrasesOfB.keys()].filter((phrase) => !phrasesOfA.has(phrase));
  if (onlyA.length === 0 || onlyB.length === 0) return undefined;
  const phraseA = random.pick(onlyA);
  const phraseB = random.pick(onlyB);
  return [
    replaceSpans(a.text, phrasesOfA.get(phraseA)!, phraseB),
    replaceSpans(b.text, phrasesOfB.get(phraseB)!, phraseA),
  ];
}

/** What says of a noun which it is or how many there are. */
const QUANTIFIERS: ReadonlySet<Tag> = new Set<Tag>(["DET", "NUM"]);

/** Where each noun phrase stands; its words are joined by one space. */
function spansByPhrase({ text, tokens }: TaggedSentence): Map<string, Span[]> {
  const spans = new Map<string, Span[]>();
  for (const { start, end } of nounPhrases(tokens)) {
    const phraseTokens = tokens.slice(start, end);
    const words = phraseTokens.slice(phraseTokens.findIndex(({ tag }) => !QUANTIFIERS.has(tag)));
    const span = { start: words[0]!.start, end: words.at(-1)!.end };
    if (!isWhole(text, span)) continue;
    const phrase = words.map(({ text }) => text).join(" ");
    spans.set(phrase, [...spans.get(phrase) ?? [], span]);
  }
  return spans;
}
