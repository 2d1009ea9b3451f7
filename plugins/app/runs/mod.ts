/**
 * Runs of recipes and studies, as scripts call them: training, scores before and after, the run folder.
 *
 * @module
 */
export { runRecipe } from "./run.ts";
export { standardHooks } from "./standard_hooks.ts";
export type { RunOptions, RunSummary } from "./run_options.ts";
export { runStudy } from "./run_study.ts";
export { tryRecipe } from "./try_recipe.ts";
export { type Progress } from "../terminal/progress.ts";
