/**
 * Blocks of neural networks, as graphs: the transformer that towers are made of.
 *
 * @module
 */
export type { BlockNames, LinearNames, ProjectionName } from "./parameter_names.ts";
export { linear, norm, project } from "./linear.ts";
export { encodeSequences, type SequenceOptions } from "./transformer.ts";
export type { BlockConfig } from "./transformer_config.ts";
export { packMasks } from "./pack_masks.ts";
