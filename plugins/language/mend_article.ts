/** Words that begin with a vowel's letter and a consonant's sound: "a uniform", "a European". */
const CONSONANT_SOUND = /^(?:uni(?!n|m)|us[aeiu]|ut[ei]|eu|ew|ub[ie]|one(?![a-z])|once)/;

/** Words that begin with a silent h: "an hour". */
const SILENT_H = /^(?:hour|honest|hono|heir)/;

/**
 * The sentence with an "a" or "an" directly before a word made to fit it: needed where a word took
 * another's place. Anything else is left alone.
 *
 * @param start Where the word begins, in UTF-16 code units.
 *
 * @example
 * ```ts
 * import { mendArticle } from "./mend_article.ts";
 *
 * console.assert(mendArticle("a owl on a roof", 2) === "an owl on a roof");
 * ```
 */
export function mendArticle(sentence: string, start: number): string {
  const before = /(?<![\p{L}\p{N}'-])(an?)(\s+)$/iu.exec(sentence.slice(0, start));
  if (before === null) return sentence;
  const [, article, space] = before as unknown as [string, string, string];
  const word = sentence.slice(start);
  const first = article.charAt(0);
  const right = beginsWithVowel(word) ? `${first}${article === "AN" ? "N" : "n"}` : first;
  return sentence.slice(0, before.index) + right + space + word;
}

function beginsWithVowel(text: string): boolean {
  const word = text.toLowerCase();
  return SILENT_H.test(word) || (/^[aeiou]/.test(word) && !CONSONANT_SOUND.test(word));
}
