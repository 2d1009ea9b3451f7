/**
 * A model's towers on a device: parameters, texts in chunks, embeddings.
 *
 * @module
 */
export { uploadParameters } from "./device_parameters.ts";
export { createEncoder } from "./encoder.ts";
export type { ForwardOptions } from "./forward.ts";
