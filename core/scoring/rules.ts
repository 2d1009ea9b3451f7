/**
 * The benchmarks' rules: from the cosines of an item to what it counts as.
 *
 * @module
 */

/**
 * Which metrics an item counts in, and whether it is right.
 *
 * @param scores The cosines of the first picture with each text, of the second with each text, …;
 *   then those of the pairs of texts.
 */
export type BenchmarkRule = (scores: readonly number[]) => Readonly<Record<string, boolean>>;

/**
 * A picture and a true text before false ones: `acc` counts items whose true text is nearer than
 * every false one. A tie is wrong, as in SugarCrepe's code and ARO's on relations and attributes.
 */
export const selectTrueText: BenchmarkRule = ([own, ...others]) => ({
  acc: others.every((other) => own! > other),
});

/**
 * As {@linkcode selectTrueText}, but in `acc` a tie is right, as it is where ARO's order tests take
 * the first largest score and the true text stands first; `strict_acc` counts ties as wrong.
 */
export const selectTrueOrder: BenchmarkRule = ([own, ...others]) => ({
  acc: others.every((other) => own! >= other),
  strict_acc: others.every((other) => own! > other),
});

/**
 * SugarCrepe++ on a picture, its two captions and the negative, with the cosines of the first
 * caption with the second, of the first with the negative and of the second with the negative:
 * `itt_acc` needs both captions nearer to the picture than the negative is, `tot_acc` the captions
 * nearer to each other than either is to the negative. Ties are wrong.
 */
export const selectBothTexts: BenchmarkRule = ([first, second, negative, ...pairs]) => ({
  itt_acc: first! > negative! && second! > negative!,
  ...selectNearestPair(pairs),
});

/** The text-only part of {@linkcode selectBothTexts}, on the last three of its cosines. */
export const selectNearestPair: BenchmarkRule = ([captions, first, second]) => ({
  tot_acc: captions! > first! && captions! > second!,
});

/**
 * Winoground on two pictures and two texts of which the first belong together and the second do
 * (`i0t0, i0t1, i1t0, i1t1`): `text_acc` needs each picture nearer to its own text than to the
 * other, `image_acc` each text nearer to its own picture, `acc` both, as CLIP_benchmark names them.
 * Ties are wrong.
 */
export const matchPairs: BenchmarkRule = (scores) => {
  const [i0t0, i0t1, i1t0, i1t1] = scores as readonly [number, number, number, number];
  const text_acc = i0t0 > i0t1 && i1t1 > i1t0;
  const image_acc = i0t0 > i1t0 && i1t1 > i0t1;
  return { text_acc, image_acc, acc: text_acc && image_acc };
};

/** COLA's rule on what {@linkcode matchPairs} compares: each text picks its picture. Ties are wrong. */
export const matchPictures: BenchmarkRule = (scores) => ({ acc: matchPairs(scores).image_acc! });
