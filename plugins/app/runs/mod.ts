/**
 * Runs of recipes and studies, as scripts call them: training, scores before and after, the run folder,
 * and what a run would take.
 *
 * @module
 */
export { dryRun } from "./dry_run.ts";
export { runRecipe } from "./run.ts";
export { standardHooks } from "./standard_hooks.ts";
export type {
  DeviceChoice,
  DryRunOptions,
  DryRunReport,
  RunEstimate,
  RunNeed,
  RunOptions,
  RunSource,
  RunSummary,
  RunSurroundings,
} from "./run_options.ts";
export { runStudy, type StudySummary } from "./run_study.ts";
export { type Progress, type StepInfo, type WorkInfo } from "../terminal/progress.ts";
export type { TextStream } from "../terminal/text_stream.ts";
