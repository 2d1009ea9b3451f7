import type { Random } from "../../mod.ts";
import { isWhole, replaceSpans, type Span } from "./replace_word.ts";
import type { TaggedSentence } from "./tagged_sentence.ts";

/**
 * The two sentences after a noun phrase of one has changed places with a noun phrase of the other,
 * each at its every occurrence. A noun phrase is a noun with the adjectives right before it; nouns
 * in a row ("birthday cake") count as one noun. Phrases that both sentences have are left alone.
 *
 * @returns `undefined` if a sentence has no noun phrase that the other has not.
 */
export function swapNounPhrases(
  a: TaggedSentence,
  b: TaggedSentence,
  random: Random,
): readonly [string, string] | undefined {
  const phrasesOfA = nounPhrases(a);
  const phrasesOfB = nounPhrases(b);
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

/** Where each noun phrase stands; its words are joined by one space. */
function nounPhrases(sentence: TaggedSentence): Map<string, Span[]> {
  const phrases = new Map<string, Span[]>();
  const { tokens } = sentence;
  for (let first = 0; first < tokens.length;) {
    let noun = first;
    while (tokens[noun]?.tag === "ADJ") noun++;
    let next = noun;
    while (tokens[next]?.tag === "NOUN" || tokens[next]?.tag === "PROPN") next++;
    if (next > noun) {
      const words = tokens.slice(first, next);
      const span = { start: words[0]!.start, end: words.at(-1)!.end };
      if (isWhole(sentence.text, span)) {
        const phrase = words.map(({ text }) => text).join(" ");
        phrases.set(phrase, [...phrases.get(phrase) ?? [], span]);
      }
    }
    first = Math.max(next, first + 1);
  }
  return phrases;
}
