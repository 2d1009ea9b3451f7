import { type Objective, objective } from "../../core/objective.ts";
import { clicLoss, type ClicLossOptions } from "./loss.ts";
import { clicPairs, type ClicPairsOptions } from "./pairs.ts";

/** The options of {@linkcode clicPairs} and of {@linkcode clicLoss}. */
export interface ClicOptions extends ClicPairsOptions, ClicLossOptions {}

/**
 * CLIC's objective on pairs of pictures. The method alternates it with the plain contrastive one on
 * single pictures.
 *
 * @throws {RangeError} if an option is unknown or out of range.
 *
 * @example
 * ```ts
 * import { clic } from "@syntagma/syntagma/clic";
 *
 * const { composer, loss } = clic({ preset: "strict", uniModal: 0.5 });
 * console.assert(composer.options.selfPairing === false);
 * console.assert(loss.options.uniModal === 0.5 && loss.options.hardNegative === 0.5);
 * ```
 */
export function clic(options: ClicOptions = {}): Objective {
  const { contrastive, hardNegative, uniModal, denominator, duplicates, ...pairs } = options;
  const loss = Object.entries({ contrastive, hardNegative, uniModal, denominator, duplicates })
    .filter(([, value]) => value !== undefined);
  return objective("clic", clicPairs(pairs), clicLoss(Object.fromEntries(loss)));
}
