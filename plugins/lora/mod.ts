/**
 * Adapters: training a little beside frozen weights.
 *
 * @module
 */
export { lora, type LoraOptions } from "./lora.ts";
