/**
 * Patching as a step of a recipe.
 *
 * @module
 */
import { z } from "zod";
import { checkOptions, type HostTensor, type Transformation, type Weights } from "../../mod.ts";
import { interpolate } from "./interpolate.ts";

/** What {@linkcode patch} can be told. */
export interface PatchOptions {
  /** The weight of the fine-tuned side: 0 gives the pretrained model back, 1 changes nothing. */
  readonly alpha: number;
}

const schema = z.strictObject({
  alpha: z.number().min(0).max(1),
});

/**
 * Model patching: `(1 − α)·pretrained + α·fine-tuned` over every parameter, the logarithm of the
 * logit scale included. It gives back most of what fine-tuning made a model forget, and keeps most
 * of what it learned.
 *
 * Sources: "Patching open-vocabulary models by interpolating weights" (Ilharco et al., arXiv
 * 2208.05592); CLoVe (Castro et al., 2024), where α is 0.6 and 0.4 to 0.7 are good.
 *
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
export function patch(options: PatchOptions): Transformation {
  const checked = checkOptions("patch", schema, options);
  return {
    name: "patch",
    options: { ...checked },
    stage: `patch-${checked.alpha}`,
    apply: async ({ before, after }) =>
      await Promise.resolve(interpolateWeights(before, after, checked.alpha)),
    with: (changes) => patch({ ...checked, ...changes }),
  };
}

/**
 * `(1 − α)·before + α·after` of all parameters, in float32; both have the same names and shapes.
 *
 * @throws {RangeError} if `after` lacks a parameter or has one more.
 */
export function interpolateWeights(before: Weights, after: Weights, alpha: number): Weights {
  const stranger = [...before.keys()].find((name) => !after.has(name)) ??
    [...after.keys()].find((name) => !before.has(name));
  if (stranger !== undefined) {
    throw new RangeError(`patch: expected "${stranger}" on both sides, found it on one`);
  }
  const weights = new Map<string, HostTensor>();
  for (const [name, { shape, data }] of before) {
    const values = new Float32Array(data.length);
    interpolate(data, after.get(name)!.data, alpha, values);
    weights.set(name, { shape, data: values });
  }
  return weights;
}
