import type { WordNetPos } from "./synset.ts";
import {
  conjugate,
  toComparative,
  toPlural,
  toSingular,
  toSuperlative,
} from "./compromise_inflection.ts";
import { baseForms } from "./morphy.ts";
import type { Tag } from "./tag.ts";
import type { WordNet } from "./wordnet.ts";

/** What {@linkcode inflectLike} asks a {@linkcode WordNet} for. */
export type Dictionary = Pick<WordNet, "lemmas">;

/** The forms that English words have. */
export type Form =
  | "base"
  | "plural"
  | "third"
  | "gerund"
  | "past"
  | "participle"
  | "comparative"
  | "superlative";

/** Which form a word has, by its part of speech. A form that could be two is the likelier one. */
export function formOf(word: string, tag: Tag, dictionary?: Dictionary): Form {
  const known = dictionary ?? letters;
  const baseOf = (pos: WordNetPos) => known.lemmas(word, pos).find((base) => base !== word);
  switch (tag) {
    case "NOUN":
    case "PROPN":
      // WordNet has "people" as a word of its own.
      return word === "people" || baseOf("n") !== undefined ? "plural" : "base";
    case "VERB":
    case "AUX":
      return verbForm(word, baseOf("v"));
    case "ADJ":
      if (baseOf("a") === undefined) return "base";
      return word.endsWith("st") ? "superlative" : "comparative";
    default:
      return "base";
  }
}

function verbForm(word: string, base: string | undefined): Form {
  if (base === undefined) return "base";
  if (word.endsWith("ing")) return "gerund";
  if (word.endsWith("s") && word !== "was") return "third";
  const { PastTense, Participle } = conjugate(base);
  return word === PastTense && Participle !== undefined && Participle !== word
    ? "past"
    : "participle";
}

/** Base forms from a word's letters alone: those whose form, made anew, is the word. */
const letters: Dictionary = {
  lemmas(word: string, pos: WordNetPos): readonly string[] {
    const [, ...bases] = baseForms(word, pos);
    return [word, ...bases.filter((base) => inflectsTo(base, word, pos))];
  },
};

function inflectsTo(base: string, word: string, pos: WordNetPos): boolean {
  switch (pos) {
    case "n":
      // Neither "bus" nor "tennis", which compromise takes for plurals.
      return !/(?:us|is)$/.test(word) && toSingular(word) === base && toPlural(base) === word;
    case "v": {
      const { PastTense, PresentTense, Gerund, Participle } = conjugate(base);
      return [PastTense, PresentTense, Gerund, Participle].includes(word);
    }
    case "a":
      return toComparative(base) === word || toSuperlative(base) === word;
    case "r":
      return false;
  }
}
