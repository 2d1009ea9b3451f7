import type { Tokenizer } from "../../core/model.ts";
import { sceneVocabulary } from "./vocabulary.ts";

/** A tokenizer of whole words over a closed vocabulary. */
export interface WordTokenizer extends Tokenizer {
  /** The words and marks it knows, sorted; the id of the first is 3. */
  readonly vocabulary: readonly string[];
  /** Stands for every word that is not in the vocabulary. */
  readonly unknown: number;
  /** Opens every text. */
  readonly start: number;
  /** Closes every text; the highest id of all, as in CLIP. */
  readonly end: number;
}

/**
 * A tokenizer of whole words, full stops and commas: lower-case, any other mark is a word that it
 * does not know. Ids: 0 padding, 1 unknown, 2 start, then the vocabulary in order, then the end.
 *
 * @param vocabulary The words; {@linkcode sceneVocabulary} unless a model was saved with others.
 * @throws {RangeError} if a word is there twice.
 *
 * @example
 * ```ts
 * import { wordTokenizer } from "./word_tokenizer.ts";
 *
 * const tokenizer = wordTokenizer(["a", "red", "star"]);
 * console.assert(tokenizer.encode("A red, red star", 8).join() === "2,3,4,1,4,5,6");
 * ```
 */
export function wordTokenizer(vocabulary: readonly string[] = sceneVocabulary()): WordTokenizer {
  const padding = 0;
  const unknown = 1;
  const start = 2;
  const ids = new Map(vocabulary.map((word, index) => [word, start + 1 + index]));
  if (ids.size !== vocabulary.length) {
    const twice = vocabulary.find((word, index) => vocabulary.indexOf(word) !== index);
    throw new RangeError(
      `wordTokenizer: vocabulary: expected different words, found "${twice}" twice`,
    );
  }
  const end = start + 1 + vocabulary.length;
  return {
    vocabulary,
    padding,
    unknown,
    start,
    end,
    encode: (text, contextLength) => {
      const words = text.toLowerCase().match(/[\p{Letter}\p{Number}]+|[^\s]/gu) ?? [];
      const inner = words.slice(0, contextLength - 2).map((word) => ids.get(word) ?? unknown);
      return [start, ...inner, end];
    },
  };
}
