/**
 * The CLIP model family: towers, tokenizer, weights in and out.
 *
 * @module
 */
export * from "./clip.ts";
export * from "./config.ts";
export * from "./dual_encoder.ts";
export { initialValues } from "./initial_values.ts";
export * from "./names.ts";
export { clipNormalization } from "./normalization.ts";
export { clipParameters } from "./parameters.ts";
export { type ParsedConfig, parseOpenClipConfig } from "./parse_config.ts";
export { clipTokenizer, type TokenizerReference } from "./tokenizer.ts";
export { readWeights, writeModelFolder } from "./weights.ts";
