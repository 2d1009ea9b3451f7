/**
 * Optimisers and learning-rate schedules.
 *
 * @module
 */
export { adamw, type AdamWOptions } from "./adamw.ts";
export { constant } from "./constant.ts";
export type { OptimizerSlots } from "../step/updates.ts";
export { warmupCosine, type WarmupCosineOptions } from "./warmup_cosine.ts";
export type { WarmupOptions } from "./warmup.ts";
