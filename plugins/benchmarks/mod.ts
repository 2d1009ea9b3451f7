/**
 * Benchmarks of the field, each in a file of its own: what they ask, by whose rule, and where their
 * annotations and pictures come from.
 *
 * @module
 */
export * from "./harness/benchmark.ts";
export * from "./suites/caption_order.ts";
export * from "./retrieval/caption_retrieval.ts";
export { readCifarPicture } from "./classification/cifar.ts";
export { type PictureFormat, pictureFormatOf } from "./classification/classified_pictures.ts";
export * from "./suites/cola.ts";
export * from "./retrieval/karpathy_retrieval.ts";
export * from "./classification/linear_probe.ts";
export * from "./harness/missing_pictures.ts";
export * from "./registry.ts";
export * from "./suites/sugar_crepe.ts";
export * from "./suites/sugar_crepe_pp.ts";
export * from "./suites/svo_probes.ts";
export * from "./suites/valse.ts";
export * from "./suites/visual_genome_aro.ts";
export * from "./suites/vl_checklist.ts";
export * from "./suites/winoground.ts";
export * from "./classification/zero_shot_classification.ts";
export * from "./classification/zero_shot_names.ts";
export * from "./classification/zero_shot_sets.ts";
