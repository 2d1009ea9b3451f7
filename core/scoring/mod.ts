/**
 * Scoring rules: from embeddings to ranks, recalls, accuracies and the evaluation they come to, as
 * pure functions that every benchmark shares.
 *
 * @module
 */
export { embedTexts } from "./embed_texts.ts";
export { retrievalRecall } from "./retrieval.ts";
export { summarizeItems } from "./summarize.ts";
