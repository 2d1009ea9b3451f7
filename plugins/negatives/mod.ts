/**
 * Negatives that are made ahead of training and read back, of any generator.
 *
 * @module
 */
export * from "./frozen_negatives.ts";
export * from "./commands/write_negatives.ts";
