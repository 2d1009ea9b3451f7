/**
 * Result files, and the scores of any number of models side by side, with intervals and paired tests.
 *
 * @module
 */
export { type ComparedScore, compareModels, type ComparisonRow } from "./compare.ts";
export { formatComparison } from "./format_comparison.ts";
export { readModels } from "./read_results.ts";
export { type StageEvaluations } from "./table.ts";
