import { z } from "zod";
import { defineComponent } from "../../core/define_component.ts";
import type { Transformation } from "../../core/transformation.ts";

/**
 * Takes the running average of the trained weights in their place: the recipe's setting `average`
 * keeps it. What was trained is kept and scored before it, as before every transformation.
 *
 * @throws {SettingsError} if an option is given: there is none.
 *
 * @example
 * ```ts
 * import { averagedWeights } from "@syntagma/syntagma/patching";
 *
 * console.assert(averagedWeights().stage === "averaged");
 * ```
 */
export const averagedWeights: (options?: Record<never, never>) => Transformation = defineComponent({
  name: "averagedWeights",
  schema: z.strictObject({}),
  make: () => ({
    stage: "averaged",
    needsAverage: true,
    apply: ({ averaged }) => {
      if (averaged !== undefined) return Promise.resolve(averaged);
      return Promise.reject(
        new RangeError("averagedWeights: expected a recipe with the setting average, found none"),
      );
    },
  }),
});
