/**
 * The benchmarks' rules: from the cosines of an item to what it counts as.
 *
 * @module
 */

import { wordsOf } from "./words_of.ts";

/**
 * Which metrics an item counts in, and whether it is right; and what the scores of an item are to be
 * compared with, where that can be told.
 */
export interface BenchmarkRule {
  /**
   * Which metrics the item counts in, and whether it is right.
   *
   * @param scores The cosines of the first picture with each text, of the second with each text, …;
   *   then those of the pairs of texts.
   */
  (scores: readonly number[]): Readonly<Record<string, boolean>>;
  /** The odds of each metric where so many scores are drawn at random, independently. */
  readonly chance?: (scores: number) => Readonly<Record<string, number>>;
  /**
   * The odds of each metric for a scorer that knows a text's words and not their order, and is right
   * about all else; among equals it draws. Of an item with one picture.
   */
  readonly wordBag?: (texts: readonly string[]) => Readonly<Record<string, number>>;
}

/**
 * A picture and a true text before false ones: `acc` counts items whose true text is nearer than
 * every false one. A tie is wrong, as in SugarCrepe's code and ARO's on relations and attributes.
 */
export const selectTrueText: BenchmarkRule = Object.assign(
  ([own, ...others]: readonly number[]) => ({ acc: others.every((other) => own! > other) }),
  {
    chance: (scores: number) => ({ acc: 1 / scores }),
    wordBag: (texts: readonly string[]) => ({ acc: 1 / (1 + equalToFirst(texts)) }),
  },
);

/**
 * As {@linkcode selectTrueText}, but in `acc` a tie is right, as it is where the authors take the
 * first largest score and the true text stands first (ARO's order tests, What'sUp, NegBench);
 * `strict_acc` counts ties as wrong.
 */
export const selectTrueOrder: BenchmarkRule = Object.assign(
  ([own, ...others]: readonly number[]) => ({
    acc: others.every((other) => own! >= other),
    strict_acc: others.every((other) => own! > other),
  }),
  {
    chance: (scores: number) => ({ acc: 1 / scores, strict_acc: 1 / scores }),
    wordBag: (texts: readonly string[]) => {
      const odds = 1 / (1 + equalToFirst(texts));
      return { acc: odds, strict_acc: odds };
    },
  },
);

/**
 * SugarCrepe++ on a picture, its two captions and the negative, with the cosines of the first
 * caption with the second, of the first with the negative and of the second with the negative:
 * `itt_acc` needs both captions nearer to the picture than the negative is, `tot_acc` the captions
 * nearer to each other than either is to the negative. Ties are wrong.
 */
export const selectBothTexts: BenchmarkRule = Object.assign(
  ([first, second, negative, ...pairs]: readonly number[]) => ({
    itt_acc: first! > negative! && second! > negative!,
    ...selectNearestPair(pairs),
  }),
  {
    // Of three equally likely ones a certain one is the least, and a certain pair the nearest.
    chance: () => ({ itt_acc: 1 / 3, tot_acc: 1 / 3 }),
    wordBag: ([first, second, negative]: readonly string[]) => {
      const other = wordsOf(negative!);
      const equal = [first!, second!].filter((text) => wordsOf(text) === other).length;
      // Equal to one caption, the negative is as near to that as can be.
      return { itt_acc: 1 / (1 + equal), tot_acc: [1, 0, 1 / 3][equal]! };
    },
  },
);

/** The text-only part of {@linkcode selectBothTexts}, on the last three of its cosines. */
export const selectNearestPair: BenchmarkRule = Object.assign(
  ([captions, first, second]: readonly number[]) => ({
    tot_acc: captions! > first! && captions! > second!,
  }),
  { chance: () => ({ tot_acc: 1 / 3 }) },
);

/**
 * Winoground on two pictures and two texts of which the first belong together and the second do
 * (`i0t0, i0t1, i1t0, i1t1`): `text_acc` needs each picture nearer to its own text than to the
 * other, `image_acc` each text nearer to its own picture, `acc` both, as CLIP_benchmark names them.
 * Ties are wrong.
 */
export const matchPairs: BenchmarkRule = Object.assign(
  (scores: readonly number[]) => {
    const [i0t0, i0t1, i1t0, i1t1] = scores as readonly [number, number, number, number];
    const text_acc = i0t0 > i0t1 && i1t1 > i1t0;
    const image_acc = i0t0 > i1t0 && i1t1 > i0t1;
    return { text_acc, image_acc, acc: text_acc && image_acc };
  },
  // Of the 24 orders of four scores 4 have both right ones before both wrong ones.
  { chance: () => ({ text_acc: 1 / 4, image_acc: 1 / 4, acc: 1 / 6 }) },
);

/** COLA's rule on what {@linkcode matchPairs} compares: each text picks its picture. Ties are wrong. */
export const matchPictures: BenchmarkRule = Object.assign(
  (scores: readonly number[]) => ({ acc: matchPairs(scores)["image_acc"]! }),
  { chance: () => ({ acc: 1 / 4 }) },
);

/** How many texts have the same words as the first one. */
function equalToFirst([first, ...others]: readonly string[]): number {
  const words = wordsOf(first!);
  return others.filter((other) => wordsOf(other) === words).length;
}
