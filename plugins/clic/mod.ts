/**
 * CLIC: two pictures in one, positives in other words and orders, and a hard negative in which two
 * words have changed places (Peleg, Singh and Hein, "Advancing Compositional Awareness in CLIP with
 * Efficient Fine-Tuning", arXiv 2505.24424).
 *
 * @module
 */
export { clic, type ClicOptions } from "./clic.ts";
export { clicLoss, type ClicLossOptions } from "./loss.ts";
export { type ClicGroup, clicPairs, type ClicPairsOptions } from "./pairs.ts";
export { clicSigmoidLoss, type ClicSigmoidLossOptions } from "./sigmoid_loss.ts";
export type { Replacement } from "./replace_word.ts";
