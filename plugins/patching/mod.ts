/**
 * Patching: weights between those of a pretrained model and of its fine-tune, as a step of a
 * recipe, on files, and swept from one to the other.
 *
 * @module
 */
export type { PatchedDtype } from "./float_dtype.ts";
export { averagedWeights } from "./averaged_weights.ts";
export { patch } from "./patch.ts";
