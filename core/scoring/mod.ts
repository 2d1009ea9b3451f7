/**
 * Scoring rules: from embeddings to ranks, recalls, accuracies and the evaluation they come to, as
 * pure functions that every benchmark shares.
 *
 * @module
 */
export { EmbeddingError } from "../embedding_error.ts";
export { type EmbeddedTexts, embedDistinctTexts, embedTexts } from "./embed_texts.ts";
export { type RetrievalItems, retrievalRecall } from "./retrieval.ts";
export { averageParts, type EvaluationLabels, summarizeItems } from "./summarize.ts";
export { classWeights, type ZeroShotScores, zeroShotScores } from "./zero_shot.ts";
