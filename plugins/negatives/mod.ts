/**
 * Negatives that are made ahead of training and read back, of any generator.
 *
 * @module
 */
export { frozenNegatives, type FrozenNegativesOptions } from "./frozen_negatives.ts";
