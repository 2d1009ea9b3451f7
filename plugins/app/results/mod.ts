/**
 * Scores from embeddings: caption selection, retrieval and zero-shot classification, as pure
 * functions that every benchmark shares; embeddings kept on disk; result files; and the scores of
 * any number of models side by side.
 *
 * @module
 */
export type { Interval } from "./bootstrap.ts";
export { type ComparedScore, compareModels, type ComparisonRow } from "./compare.ts";
export { type ComparisonFormat, formatComparison } from "./format_comparison.ts";
export { readModels } from "./read_results.ts";
export { comparisonTable, type StageEvaluations } from "./table.ts";
