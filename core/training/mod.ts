/**
 * Training: optimisers and schedules, the loop, checkpoints, runs.
 *
 * @module
 */
export * from "./adamw.ts";
export * from "./batches.ts";
export type { Cursor } from "./cursor.ts";
export * from "./identity.ts";
export * from "./text_group.ts";
export * from "./checkpoint.ts";
export * from "./evaluate_stage.ts";
export * from "./generated_data.ts";
export * from "./gradients.ts";
export type { GradientSums } from "./gradient_program.ts";
export * from "./manifest.ts";
export * from "./progress.ts";
export * from "./run.ts";
export * from "./run_folder.ts";
export * from "./run_options.ts";
export * from "./score_model.ts";
export * from "./select_parameters.ts";
export * from "./state.ts";
export * from "./steps.ts";
export * from "./study.ts";
export * from "./tensorboard.ts";
export * from "./text_stream.ts";
export * from "./train.ts";
export * from "./transform.ts";
export * from "./updates.ts";
export * from "./warmup_cosine.ts";
