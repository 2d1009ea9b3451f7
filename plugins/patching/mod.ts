/**
 * Patching: weights between those of a pretrained model and of its fine-tune, as a step of a
 * recipe, on files, and swept from one to the other.
 *
 * @module
 */
export { parseAlphas } from "./commands/alphas.ts";
export type { PatchedDtype } from "./float_dtype.ts";
export * from "./interpolate_checkpoints.ts";
export { interpolateWeights } from "./interpolate_weights.ts";
export * from "./patch.ts";
export * from "./commands/sweep.ts";
export * from "./commands/sweep_tables.ts";
export * from "./commands/trade_off_plot.ts";
export * from "./commands/write_sweep.ts";
