import { z } from "zod";
import { checkOptions, type JsonObject } from "../../core/component.ts";
import type { Transformation } from "../../core/transformation.ts";

const schema = z.strictObject({});

/**
 * Takes the running average of the trained weights in their place: the recipe's setting `average`
 * keeps it. What was trained is kept and scored before it, as before every transformation.
 *
 * @throws {RangeError} if an option is given: there is none.
 *
 * @example
 * ```ts
 * import { averagedWeights } from "@syntagma/syntagma/patching";
 *
 * console.assert(averagedWeights().stage === "averaged");
 * ```
 */
export function averagedWeights(options: Record<never, never> = {}): Transformation {
  checkOptions("averagedWeights", schema, options);
  return {
    name: "averagedWeights",
    options: {},
    stage: "averaged",
    needsAverage: true,
    apply: ({ averaged }) => {
      if (averaged === undefined) {
        return Promise.reject(
          new RangeError("averagedWeights: expected a recipe with the setting average, found none"),
        );
      }
      return Promise.resolve(averaged);
    },
    with: (changes: JsonObject) => averagedWeights(changes),
  };
}
