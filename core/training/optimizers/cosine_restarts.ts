import { z } from "zod";
import { defineComponent } from "../../define_component.ts";
import type { Schedule } from "../../optimizer.ts";
import { afterWarmup, halfCosine, type WarmupOptions, warmupShape } from "./warmup.ts";

const schema = z.strictObject({
  ...warmupShape,
  cycles: z.int().min(1).default(4),
  growth: z.number().min(1).default(1),
  end: z.number().min(0).default(0),
});

/**
 * Linear warm-up from `start` to 1, then half a cosine down to `end`, again and again from 1
 * (Loshchilov and Hutter 2017), as PyTorch's `CosineAnnealingWarmRestarts`. The cycles fill the run.
 *
 * @param options.cycles How often half a cosine is gone through. Default 4.
 * @param options.growth How many times as long as the one before a cycle is. Default 1.
 * @param options.end Factor that each cosine falls to. Default 0.
 * @throws {RangeError} if an option is unknown or out of range.
 *
 * @example
 * ```ts
 * import { cosineRestarts } from "@syntagma/syntagma/optimizers";
 *
 * const schedule = cosineRestarts({ cycles: 2, growth: 3 });
 * console.assert(schedule.factor(0, 100) === 1 && schedule.factor(25, 100) === 1);
 * ```
 */
export const cosineRestarts: (
  options?: WarmupOptions & {
    readonly cycles?: number;
    readonly growth?: number;
    readonly end?: number;
  },
) => Schedule = defineComponent({
  name: "cosineRestarts",
  schema,
  make: ({ cycles, growth, end, ...rise }) => ({
    factor: afterWarmup(rise, (behind, steps) => {
      let length = steps / lengthInFirsts(cycles, growth);
      let place = behind;
      for (let cycle = 1; cycle < cycles && place >= length; cycle++) {
        place -= length;
        length *= growth;
      }
      return halfCosine(length > 0 ? Math.min(1, place / length) : 1, end);
    }),
  }),
});

/** The length of all cycles, the first one's being 1. */
function lengthInFirsts(cycles: number, growth: number): number {
  return growth === 1 ? cycles : (growth ** cycles - 1) / (growth - 1);
}
