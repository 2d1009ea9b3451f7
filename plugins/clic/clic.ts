import { type Objective, objective } from "../../core/objective.ts";
import { clicLoss, type ClicLossOptions } from "./loss.ts";
import { clicPairs, type ClicPairsOptions } from "./pairs.ts";

/**
 * CLIC's objective on pairs of pictures. The method alternates it with the plain contrastive one on
 * single pictures.
 *
 * @param options Those of {@linkcode clicPairs} and of {@linkcode clicLoss}.
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
export function clic(options: ClicPairsOptions & ClicLossOptions = {}): Objective {
  const { contrastive, hardNegative, uniModal, denominator, duplicates, ...pairs } = options;
  const loss = Object.entries({ contrastive, hardNegative, uniModal, denominator, duplicates })
    .filter(([, value]) => value !== undefined);
  return objective("clic", clicPairs(pairs), clicLoss(Object.fromEntries(loss)));
}
