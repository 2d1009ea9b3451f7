/**
 * Optimisers and learning-rate schedules.
 *
 * @module
 */
export { adamw, type AdamWOptions } from "./adamw.ts";
export type { OptimizerSlots } from "./updates.ts";
export { warmupCosine, type WarmupCosineOptions } from "./warmup_cosine.ts";
