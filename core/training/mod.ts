/**
 * The training loop, from a model on a device and a data set to trained parameters.
 *
 * @module
 */
export type { Cursor } from "./loop/cursor.ts";
export type { Standing } from "./loop/standing.ts";
export { createTrainingState, disposeState, type TrainingState } from "./loop/state.ts";
export { totalSteps } from "./loop/steps.ts";
export type { StepRecord } from "./loop/step_record.ts";
export { train, type TrainHooks, type TrainOptions } from "./loop/train.ts";
