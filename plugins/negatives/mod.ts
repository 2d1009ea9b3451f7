/**
 * Negatives that are made ahead of training and read back, of any generator.
 *
 * @module
 */
export { frozenNegatives } from "./frozen_negatives.ts";
