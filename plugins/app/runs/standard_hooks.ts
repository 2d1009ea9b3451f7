import type { Hooks } from "../../../core/hooks.ts";
import { report } from "../report/report.ts";
import { tensorboard } from "../tensorboard/tensorboard.ts";

/** The hooks that a run has unless others are given: TensorBoard's file, and the report at its end. */
export function standardHooks(): readonly Hooks[] {
  return [tensorboard(), report()];
}
