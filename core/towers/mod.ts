/**
 * A model's towers on a device: parameters, texts in chunks, embeddings.
 *
 * @module
 */
export * from "./device_parameters.ts";
export * from "./encoder.ts";
export * from "./forward.ts";
export * from "../host/cache/tower_fingerprints.ts";
export * from "./program_cache.ts";
export * from "./symbols.ts";
export * from "./text_chunks.ts";
