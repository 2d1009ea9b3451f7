import type { Random } from "../../../core/random.ts";
import type { Tagger } from "../../language/tagger.ts";

/**
 * ARO's four shuffles of a caption: of its nouns among themselves and its adjectives among
 * themselves; of everything but nouns and adjectives; of the words within each three in a row; of
 * those threes. Words and marks are the tagger's (ARO's are spaCy's and NLTK's), joined by spaces.
 *
 * @returns the shuffles in this order; any of them may be the caption itself by chance.
 */
export function orderPerturbations(caption: string, tagger: Tagger, random: Random): string[] {
  const tokens = tagger.tag(caption);
  const words = tokens.map(({ text }) => text);
  const places = (...kinds: readonly string[]) =>
    tokens.flatMap(({ tag }, index) => kinds.includes(tag) ? [index] : []);
  const nouns = places("NOUN", "PROPN");
  const adjectives = places("ADJ");
  const kept = new Set([...nouns, ...adjectives]);
  const others = [...words.keys()].filter((index) => !kept.has(index));
  const threes = Array.from(
    { length: Math.ceil(words.length / 3) },
    (_, index) => words.slice(3 * index, 3 * index + 3),
  );
  const join = (sentence: readonly string[]) => sentence.join(" ");
  return [
    join(shuffleAt(shuffleAt(words, nouns, random), adjectives, random)),
    join(shuffleAt(words, others, random)),
    join(threes.flatMap((three) => random.shuffle(three))),
    join(random.shuffle(threes).flat()),
  ];
}

/**
 * A caption as ARO and BLIP put it to a model: lower case, each of `.!"()*#:;~` a space, no two
 * spaces in a row, at most so many words.
 */
export function normalizeCaption(caption: string, words: number): string {
  const text = caption.toLowerCase().replaceAll(/[.!"()*#:;~]/g, " ").replaceAll(/\s{2,}/g, " ")
    .replace(/\n+$/, "").replaceAll(/^ +| +$/g, "");
  return text.split(" ").slice(0, words).join(" ");
}

function shuffleAt(words: readonly string[], places: readonly number[], random: Random): string[] {
  const result = [...words];
  const shuffled = random.shuffle(places);
  places.forEach((place, index) => result[place] = words[shuffled[index]!]!);
  return result;
}
