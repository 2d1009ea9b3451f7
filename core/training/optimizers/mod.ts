/**
 * Optimisers and learning-rate schedules.
 *
 * @module
 */
export { adamw, type AdamWOptions } from "./adamw.ts";
export { constant } from "./constant.ts";
export { cosineRestarts, type CosineRestartsOptions } from "./cosine_restarts.ts";
export { lion, type LionOptions } from "./lion.ts";
export type { GroupOptions } from "./parameter_groups.ts";
export { sgd, type SgdOptions } from "./sgd.ts";
export type { WarmupOptions } from "./warmup.ts";
export { warmupCosine, type WarmupCosineOptions } from "./warmup_cosine.ts";
export { warmupLinear, type WarmupLinearOptions } from "./warmup_linear.ts";
