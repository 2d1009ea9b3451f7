/**
 * Scoring a model with benchmarks by name, with embeddings kept on disk and results in files.
 *
 * @module
 */
export * from "./benchmark_list.ts";
export * from "./evaluate_model.ts";
export * from "./result_folder.ts";
