/**
 * Scoring a model with benchmarks by name, with embeddings kept on disk and results in files.
 *
 * @module
 */
export type { NamedBenchmark } from "./benchmark_list.ts";
export { evaluateModel, type EvaluateOptions } from "./evaluate_model.ts";
