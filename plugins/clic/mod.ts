/**
 * CLIC: two pictures in one, positives in other words and orders, and a hard negative in which two
 * words have changed places (Peleg, Singh and Hein, "Advancing Compositional Awareness in CLIP with
 * Efficient Fine-Tuning", arXiv 2505.24424).
 *
 * @module
 */
export { clic } from "./clic.ts";
export { clicLoss, type ClicLossOptions } from "./loss.ts";
export { clicPairs, type ClicPairsOptions } from "./pairs.ts";
export type { Replacement } from "./replace_word.ts";
export { clicSigmoidLoss, type ClicSigmoidLossOptions } from "./sigmoid_loss.ts";
