import { z } from "zod";
import { defineComponent } from "../../define_component.ts";
import type { Schedule } from "../../optimizer.ts";
import { afterWarmup, type WarmupOptions, warmupShape } from "./warmup.ts";

/**
 * Linear warm-up, if there is one, then the optimiser's own rate to the end.
 *
 * @throws {RangeError} if an option is unknown or out of range.
 *
 * @example
 * ```ts
 * import { constant } from "@syntagma/syntagma/optimizers";
 *
 * console.assert(constant().factor(0, 100) === 1);
 * console.assert(constant({ warmup: 4 }).factor(0, 100) === 0.25);
 * ```
 */
export const constant: (options?: WarmupOptions) => Schedule = defineComponent({
  name: "constant",
  schema: z.strictObject(warmupShape),
  make: (rise) => ({ factor: afterWarmup(rise, () => 1) }),
});
