import { z } from "zod";
import { defineComponent } from "../../define_component.ts";
import type { Schedule } from "../../optimizer.ts";
import { afterWarmup, progressOf, type WarmupOptions, warmupShape } from "./warmup.ts";

const schema = z.strictObject({ ...warmupShape, end: z.number().min(0).default(0) });

/**
 * Linear warm-up from `start` to 1, then a line down to `end`, which the step after the last would
 * have.
 *
 * @param options.end Factor that the line falls to. Default 0.
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
export const warmupLinear: (options?: WarmupOptions & { readonly end?: number }) => Schedule =
  defineComponent({
    name: "warmupLinear",
    schema,
    make: ({ end, ...rise }) => ({
      factor: afterWarmup(rise, (place, steps) => 1 + (end - 1) * progressOf(place, steps)),
    }),
  });
