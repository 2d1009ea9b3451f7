import { z } from "zod";
import { defineComponent } from "../../define_component.ts";
import type { Schedule } from "../../optimizer.ts";
import { warmupFactor, type WarmupOptions, warmupShape, warmupSteps } from "./warmup.ts";

/** Options of {@linkcode warmupLinear}; rates are factors on the optimiser's peak. */
export interface WarmupLinearOptions extends WarmupOptions {
  /** Factor that the line falls to. Default 0. */
  readonly end?: number;
}

const schema = z.strictObject({ ...warmupShape, end: z.number().min(0).default(0) });

/**
 * Linear warm-up from `start` to 1, then a line down to `end`, which the step after the last would
 * have.
 *
 * @throws {RangeError} if an option is unknown or out of range.
 *
 * @example
 * ```ts
 * import { warmupLinear } from "@syntagma/syntagma/optimizers";
 *
 * const schedule = warmupLinear({ warmup: 20 });
 * console.assert(schedule.factor(20, 100) === 1 && schedule.factor(60, 100) === 0.5);
 * ```
 */
export const warmupLinear: (options?: WarmupLinearOptions) => Schedule = defineComponent({
  name: "warmupLinear",
  schema,
  make: ({ warmup, start, end }) => ({
    factor: (step, total) => {
      const rising = warmupSteps(warmup, total);
      if (step < rising) return warmupFactor(step, rising, start);
      const progress = Math.min(1, (step - rising) / Math.max(1, total - rising));
      return 1 + (end - 1) * progress;
    },
  }),
});
