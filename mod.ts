/**
 * Syntagma teaches CLIP models that word order matters: a framework for compositional fine-tuning
 * that trains on ONNX Runtime, with gradients derived as ONNX graphs.
 *
 * This module holds the interfaces that recipes and plugins are written against.
 *
 * @module
 */
export * from "./core/component.ts";
export * from "./core/context.ts";
export * from "./core/dataset.ts";
export * from "./core/define_recipe.ts";
export * from "./core/describe_recipe.ts";
export { EmbeddingError } from "./core/embedding_error.ts";
export * from "./core/evaluator.ts";
export * from "./core/images/image_error.ts";
export * from "./core/images/raster.ts";
export * from "./core/loss.ts";
export * from "./core/model.ts";
export * from "./core/nearest.ts";
export * from "./core/objective.ts";
export * from "./core/optimizer.ts";
export * from "./core/override.ts";
export * from "./core/random.ts";
export * from "./core/recipe.ts";
export * from "./core/study.ts";
export * from "./core/tool_versions.ts";
export * from "./core/transformation.ts";
export type { AssetOptions, Assets } from "./core/assets/assets.ts";
export type { ImageOperation } from "./core/images/operation.ts";
export type { ImagePool } from "./core/images/pool.ts";
