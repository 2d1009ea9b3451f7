/**
 * Scores from embeddings: caption selection, retrieval and zero-shot classification, as pure
 * functions that every benchmark shares; and the scores of two models side by side.
 *
 * @module
 */
export * from "./embed_texts.ts";
export * from "./retrieval.ts";
export * from "./rows.ts";
export * from "./selection.ts";
export * from "./table.ts";
export * from "./zero_shot.ts";
