/**
 * Patching as a step of a recipe.
 *
 * @module
 */
import { z } from "zod";
import { defineComponent } from "../../core/define_component.ts";
import type { Transformation } from "../../core/transformation.ts";
import { type PatchedDtype, patchedDtypes } from "./float_dtype.ts";
import { roundedWeights } from "./interpolate_weights.ts";
import { describeRounding } from "./rounding.ts";

const schema = z.strictObject({
  alpha: z.number().min(0).max(1),
  dtype: z.enum(patchedDtypes).default("pretrained"),
});

/**
 * Model patching: `(1 − α)·pretrained + α·fine-tuned` over every parameter, the logarithm of the
 * logit scale included. It gives back most of what fine-tuning made a model forget, and keeps most
 * of what it learned.
 *
 * A checkpoint in float16 or bfloat16 gives a patched model in it, which is scored as it is written;
 * the log tells what share of the changes rounding took back. {@linkcode PatchedDtype} says when
 * `dtype: "float32"` is worth its size.
 *
 * Sources: "Patching open-vocabulary models by interpolating weights" (Ilharco et al., arXiv
 * 2208.05592); CLoVe (Castro et al., 2024), where α is 0.6 and 0.4 to 0.7 are good.
 *
 * @param options.alpha The weight of the fine-tuned side: 0 gives the pretrained model back, 1
 *   changes nothing but the precision.
 * @param options.dtype The precision of the patched model. Default: `"pretrained"`, tensor by
 *   tensor that of the checkpoint that training began with; what was trained itself stays in the
 *   run folder in float32.
 * @throws {RangeError} if an option is unknown or has a wrong value.
 *
 * @example
 * ```ts
 * import { patch } from "@syntagma/syntagma/patching";
 *
 * const after = [patch({ alpha: 0.6 })];
 * console.assert(after[0]!.stage === "patch-0.6");
 * ```
 */
export const patch: (
  options: { readonly alpha: number; readonly dtype?: PatchedDtype },
) => Transformation = defineComponent({
  name: "patch",
  schema,
  make: ({ alpha, dtype }) => {
    const stage = `patch-${alpha}`;
    return {
      stage,
      apply: async ({ before, after, log }) => {
        const { weights, rounding } = roundedWeights(before, after, alpha, dtype);
        const loss = describeRounding(rounding);
        if (loss !== undefined) log(`${stage}: ${loss}`);
        return await Promise.resolve(weights);
      },
    };
  },
});
