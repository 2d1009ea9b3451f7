/**
 * NegCLIP: captions in which two parts have changed places as hard negatives, and rows of pictures
 * that look alike (Yuksekgonul, Bianchi, Kalluri, Jurafsky and Zou, "When and why vision-language
 * models behave like bags-of-words, and what to do about it?", ICLR 2023).
 *
 * @module
 */
export { negclipRows, type NegclipRowsOptions } from "./rows.ts";
export { negclipSwaps, type NegclipSwapsOptions } from "./swaps.ts";
