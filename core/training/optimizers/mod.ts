/**
 * Optimisers and learning-rate schedules.
 *
 * @module
 */
export { adamw } from "./adamw.ts";
export { constant } from "./constant.ts";
export { cosineRestarts } from "./cosine_restarts.ts";
export { lion } from "./lion.ts";
export type { GroupOptions } from "./parameter_groups.ts";
export { sgd } from "./sgd.ts";
export type { WarmupOptions } from "./warmup.ts";
export { warmupCosine } from "./warmup_cosine.ts";
export { warmupLinear } from "./warmup_linear.ts";
