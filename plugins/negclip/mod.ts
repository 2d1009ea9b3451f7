/**
 * NegCLIP: captions in which two parts have changed places as hard negatives, and rows of pictures
 * that look alike (Yuksekgonul, Bianchi, Kalluri, Jurafsky and Zou, "When and why vision-language
 * models behave like bags-of-words, and what to do about it?", ICLR 2023).
 *
 * @module
 */
export * from "./nearest_neighbours.ts";
export * from "./rows.ts";
export * from "./swap.ts";
export * from "./swaps.ts";
export * from "./tag_caption.ts";
export * from "./words.ts";
