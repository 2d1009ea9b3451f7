import type { Tokenizer } from "../../core/model.ts";

/**
 * What stands for a tokenizer in dry runs, where the weights and the vocabulary that comes with them are
 * not read: every word and every mark is one id, by the letters in it. Texts are about as long as with
 * the real one, so that times and memory are; ids mean nothing.
 *
 * @param vocabulary How many ids there are.
 * @param length How many ids every text has, where that is fixed.
 * @param padding The id of padding, one of 0, 1 and 2. Default 0.
 */
export function rehearsalTokenizer(
  { vocabulary, length, padding = 0 }: {
    readonly vocabulary: number;
    readonly length?: number | undefined;
    readonly padding?: number | undefined;
  },
): Tokenizer {
  const [start, end] = [0, 1, 2].filter((id) => id !== padding) as [number, number];
  const first = 3;
  const idOf = (word: string) => {
    let hash = 0;
    for (const letter of word) hash = (hash * 31 + letter.codePointAt(0)!) % 1_000_003;
    return first + hash % (vocabulary - first);
  };
  return {
    padding,
    encode(text, contextLength) {
      const words = text.toLowerCase().match(/[\p{L}\p{N}]+|[^\p{L}\p{N}\s]/gu) ?? [];
      const ids = [start, ...words.slice(0, contextLength - 2).map(idOf), end];
      return length === undefined
        ? ids
        : [...ids, ...new Array<number>(length - ids.length).fill(padding)];
    },
  };
}
