/**
 * FSC-CLIP: hard negatives in a loss of their own, of whole texts and of their words, focal and with
 * smoothed labels (Oh, Cho, Kim, Kweon and Kim, EMNLP 2024).
 *
 * @module
 */
export { fscClipGlobalLoss, type FscClipGlobalLossOptions, fscClipLoss } from "./loss.ts";
export { fscClipNegatives } from "./negatives.ts";
export { shuffleBigrams } from "./shuffle_bigrams.ts";
