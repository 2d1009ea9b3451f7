import { z } from "zod";
import { defineComponent } from "../../define_component.ts";
import type { Schedule } from "../../optimizer.ts";
import { afterWarmup, halfCosine, progressOf, warmupShape } from "./warmup.ts";

const schema = z.strictObject({
  ...warmupShape,
  warmup: z.number().min(0),
  end: z.number().min(0).default(0),
});

/**
 * Linear warm-up from `start` to 1, then half a cosine down to `end`. Where `start` is 0 the first
 * step takes `1 / warm-up steps`, as open_clip does, so that no step is without effect.
 *
 * @param options.warmup Steps of warm-up: below 1 a share of all steps, else their number.
 * @param options.start Factor of the first step. Default 0.
 * @param options.end Factor that the cosine falls to. Default 0.
 * @throws {RangeError} if an option is unknown or out of range.
 *
 * @example
 * ```ts
 * import { warmupCosine } from "@syntagma/syntagma/optimizers";
 *
 * const schedule = warmupCosine({ warmup: 0.2, start: 0.1, end: 0.01 });
 * console.assert(schedule.factor(0, 100) === 0.1);
 * console.assert(schedule.factor(20, 100) === 1);
 * ```
 */
export const warmupCosine: (
  options: { readonly warmup: number; readonly start?: number; readonly end?: number },
) => Schedule = defineComponent({
  name: "warmupCosine",
  schema,
  make: ({ end, ...rise }) => ({
    factor: afterWarmup(rise, (place, steps) => halfCosine(progressOf(place, steps), end)),
  }),
});
