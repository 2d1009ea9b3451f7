import { conjugate, toComparative, toPlural, toSuperlative } from "./compromise_inflection.ts";
import { type Dictionary, type Form, formOf } from "./word_form.ts";
import { copyCase } from "./copy_case.ts";
import { irregularForms } from "./morphy.ts";
import type { Tag } from "./tag.ts";

/**
 * A word in the form of another: a noun's number, a verb's form, an adjective's degree, and the
 * casing. `_` becomes a space; a phrase is inflected at its first word if it is a verb, at its last,
 * or the one before a preposition, if it is a noun.
 *
 * Where an English verb does not tell past tense from participle ("covered"), the participle is
 * taken, which captions have oftener. CLoVe inflects with pyinflect; this uses compromise, and
 * WordNet's list of exceptions where compromise errs.
 *
 * @param replacement The base form, as WordNet writes it: `"hot_dog"`.
 * @param original The word whose place it is to take.
 * @param tag The original's part of speech; those that have no forms leave the replacement as it is.
 * @param dictionary Tells a plural from a word that only looks like one ("gas"), and so on. Without
 *   it the word's letters must do.
 *
 * @example
 * ```ts
 * import { inflectLike } from "./inflection.ts";
 *
 * console.assert(inflectLike("goose", "Dogs", "NOUN") === "Geese");
 * console.assert(inflectLike("run_away", "sitting", "VERB") === "running away");
 * ```
 */
export function inflectLike(
  replacement: string,
  original: string,
  tag: Tag,
  dictionary?: Dictionary,
): string {
  return copyCase(original, inflect(replacement, formOf(original.toLowerCase(), tag, dictionary)));
}

/** A base form, as WordNet writes it, in another form, with its own casing. */
export function inflect(lemma: string, form: Form): string {
  const words = lemma.split("_");
  const at = form === "plural" ? headIndex(words) : 0;
  words[at] = inflectWord(words[at]!, form);
  return words.join(" ");
}

function inflectWord(word: string, form: Form): string {
  switch (form) {
    case "base":
      return word;
    case "plural":
      return pluralOf(word);
    case "third":
      return conjugate(word).PresentTense;
    case "gerund":
      return checked(word, conjugate(word).Gerund, (each) => each.endsWith("ing"));
    case "past":
      return pastOf(word);
    case "participle":
      return participleOf(word);
    case "comparative":
      return degreeOf(word, "more", "er", toComparative);
    case "superlative":
      return degreeOf(word, "most", "est", toSuperlative);
  }
}

/** Verbs whose participle is the base form, which compromise gives as the past tense. */
const PARTICIPLE_IS_BASE: ReadonlySet<string> = new Set(["become", "come", "overcome", "run"]);

/** Nouns whose plural in captions is not the one that compromise gives. */
const PLURALS: Readonly<Record<string, string>> = { fish: "fish" };

/** Words in -man that are no men. */
const NOT_MEN = /(?:^|-)(?:brah|cai|ger|hu|nor|otto|ro|sha|talis)man$/i;

function pluralOf(word: string): string {
  const known = PLURALS[word];
  if (known !== undefined) return known;
  // compromise: "firemans".
  if (word.endsWith("man") && !NOT_MEN.test(word)) return `${word.slice(0, -3)}men`;
  return toPlural(word);
}

function pastOf(word: string): string {
  return checked(word, conjugate(word).PastTense, (each) => each.endsWith("ed"));
}

function participleOf(word: string): string {
  if (PARTICIPLE_IS_BASE.has(word)) return word;
  return conjugate(word).Participle ?? pastOf(word);
}

/** compromise's form of a verb, unless WordNet lists others of this kind and not this one. */
function checked(word: string, form: string, isOfKind: (form: string) => boolean): string {
  const listed = irregularForms(word, "v");
  if (listed.includes(form)) return form;
  return listed.find(isOfKind) ?? form;
}

/** Adjectives whose degrees compromise does not know. */
const DEGREES: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  many: { er: "more", est: "most" },
  much: { er: "more", est: "most" },
  little: { er: "less", est: "least" },
};

function degreeOf(
  word: string,
  adverb: "more" | "most",
  ending: "er" | "est",
  inflected: (word: string) => string,
): string {
  const known = DEGREES[word]?.[ending];
  if (known !== undefined) return known;
  const form = inflected(word);
  const listed = irregularForms(word, "a");
  if (listed.includes(form)) return form;
  const other = listed.find((each) => each.endsWith(ending));
  if (other !== undefined) return other;
  return isShort(word) ? form : `${adverb} ${word}`;
}

/** Whether an adjective is compared with -er and -est: one syllable, or two of which the last is weak. */
function isShort(word: string): boolean {
  const syllables = word.replace(/e$/, "").match(/[aeiouy]+/g)?.length ?? 1;
  return syllables <= 1 || (syllables === 2 && /(?:y|ow|er)$/.test(word)) ||
    (syllables === 1 && word.endsWith("le"));
}

const PREPOSITIONS: ReadonlySet<string> = new Set([
  "at",
  "by",
  "de",
  "for",
  "from",
  "in",
  "of",
  "on",
  "to",
  "with",
]);

/** Which word of a noun phrase takes the plural: "man of letters", "hot dog". */
function headIndex(words: readonly string[]): number {
  const preposition = words.findIndex((word, i) => i > 0 && PREPOSITIONS.has(word));
  return preposition === -1 ? words.length - 1 : preposition - 1;
}
