import { z } from "zod";
import { defineComponent } from "../../define_component.ts";
import type { Schedule } from "../../optimizer.ts";

/** Options of {@linkcode warmMoments}. */
export interface WarmMomentsOptions {
  /** How many steps leave the weights as they are. */
  readonly steps: number;
  /** The rates of the steps after them, as if the run began there. */
  readonly schedule: Schedule;
}

const schema = z.strictObject({
  steps: z.int().min(0),
  schedule: z.custom<Schedule>(isSchedule, { error: "expected a schedule" }),
});

/**
 * First some steps with the rate 0, then another schedule. An optimiser with moments, as `adamw`,
 * fills them meanwhile, so that the first step that moves the weights knows more than one gradient, as
 * TuneCLIP does it (arXiv 2601.09859; with the loss of pre-training there, with the recipe's own loss
 * here). Steps of the run count those at the beginning too.
 *
 * @throws {SettingsError} if an option is unknown or out of range.
 *
 * @example
 * ```ts
 * import { warmMoments, warmupCosine } from "@syntagma/syntagma/optimizers";
 *
 * const schedule = warmMoments({ steps: 200, schedule: warmupCosine({ warmup: 50 }) });
 * console.assert(schedule.factor(199, 1200) === 0);
 * console.assert(schedule.factor(249, 1200) === 1);
 * ```
 */
export const warmMoments: (options: WarmMomentsOptions) => Schedule = defineComponent({
  name: "warmMoments",
  schema,
  make: ({ steps, schedule }) => ({
    factor: (step, total) =>
      step < steps ? 0 : schedule.factor(step - steps, Math.max(0, total - steps)),
  }),
});

function isSchedule(value: unknown): value is Schedule {
  return typeof value === "object" && value !== null && "factor" in value &&
    typeof value.factor === "function" && "with" in value;
}
