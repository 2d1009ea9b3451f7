/**
 * Scores from embeddings: caption selection, retrieval and zero-shot classification, as pure
 * functions that every benchmark shares; embeddings kept on disk; result files; and the scores of
 * any number of models side by side.
 *
 * @module
 */
export * from "./bootstrap.ts";
export * from "./compare.ts";
export * from "../../../core/scoring/embed_texts.ts";
export * from "../../../core/host/cache/embedding_cache.ts";
export * from "./format_comparison.ts";
export * from "./read_results.ts";
export * from "./result_files.ts";
export * from "../../../core/scoring/retrieval.ts";
export * from "../../../core/scoring/rows.ts";
export * from "../../../core/scoring/selection.ts";
export * from "./significance.ts";
export * from "./strata.ts";
export * from "./study_table.ts";
export * from "./summarize.ts";
export * from "./table.ts";
export * from "../../../core/scoring/watched_encoder.ts";
export * from "../../../core/scoring/zero_shot.ts";
