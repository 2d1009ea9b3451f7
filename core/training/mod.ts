/**
 * Training: optimisers and schedules, the loop, checkpoints, runs.
 *
 * @module
 */
export * from "./optimizers/adamw.ts";
export * from "./loop/batches.ts";
export * from "../../plugins/app/runs/checkpoint.ts";
export * from "../../plugins/app/runs/evaluate_stage.ts";
export * from "../../plugins/app/runs/generated_data.ts";
export * from "./gradients/gradients.ts";
export type { GradientSums } from "./gradients/gradient_program.ts";
export * from "../../plugins/app/runs/manifest.ts";
export * from "../../plugins/app/terminal/progress.ts";
export * from "../../plugins/app/runs/run.ts";
export * from "../../plugins/app/runs/run_folder.ts";
export * from "../../plugins/app/runs/run_options.ts";
export * from "../../plugins/app/runs/score_model.ts";
export * from "./optimizers/select_parameters.ts";
export * from "./loop/state.ts";
export * from "./loop/steps.ts";
export * from "../../plugins/app/runs/run_study.ts";
export * from "../../plugins/app/tensorboard/event_file.ts";
export * from "../../plugins/app/terminal/text_stream.ts";
export * from "./loop/train.ts";
export * from "../../plugins/app/runs/transform.ts";
export * from "./optimizers/updates.ts";
export * from "./optimizers/warmup_cosine.ts";
