import { reshape, sum } from "../../core/graph/linear.ts";
import { z } from "zod";
import { add, mul } from "../../core/graph/elementwise.ts";
import { cast } from "../../core/graph/cast.ts";
import { constant, ones, showShape } from "../../core/graph/node.ts";
import type { Tensor } from "../../core/graph/tensor.ts";
import { defineComponent } from "../../core/define_component.ts";
import type { Loss, LossContext, LossResult } from "../../core/loss.ts";
import { type Duplicates, duplicatesOption } from "../contrastive/duplicates.ts";
import { hardNegativeContrastive } from "../contrastive/hard_negative_contrastive.ts";
import { type ImcVariant, intraModalLoss } from "./intra_modal.ts";
import { nextThresholds, rankLoss, type ThresholdKind } from "./thresholds.ts";

/** Options of {@linkcode ceClipLoss}. */
export interface CeClipLossOptions {
  /**
   * The values of `imcVariant` and `invalidNegatives` where they are not given: `"strict"` (the
   * default) is what the paper says, `"released"` what the authors' code does.
   */
  readonly preset?: "released" | "strict";
  /** The weight of the cross-modal rank loss. Default 0.2. */
  readonly cmr?: number;
  /** The weight of the intra-modal contrastive loss. Default 0.3. */
  readonly imc?: number;
  /** Which intra-modal loss. Strict: `"paper"`, released: `"released"`. */
  readonly imcVariant?: ImcVariant;
  /** Where the rank loss takes its thresholds from. Default `"adaptive"`. */
  readonly threshold?: ThresholdKind;
  /** The threshold where it is `"fixed"`. Default 2, as in the authors' code. */
  readonly fixedThreshold?: number;
  /** Thresholds are at most so large. Default 10. */
  readonly upperBound?: number;
  /**
   * Whether negatives that are not there stay in the denominators of the contrastive losses, as the
   * text `###` (`"keep"`, released), or not (`"drop"`, strict). In the rank loss they never count.
   * The authors' negatives lack none but relations, so to keep them goes with
   * `ceClipNegatives({ preset: "released" })`; strict ones lack many, and the same text would stand
   * in every denominator over and over.
   */
  readonly invalidNegatives?: "keep" | "drop";
  /** What becomes of rows that are the same in `hardNegative`. Default `"keep"`. */
  readonly duplicates?: Duplicates;
}

const presets = {
  released: { imcVariant: "released", invalidNegatives: "keep" },
  strict: { imcVariant: "paper", invalidNegatives: "drop" },
} as const;

const weight = (value: number) => z.number().min(0).default(value);

const schema = z.strictObject({
  preset: z.enum(["released", "strict"]).default("strict"),
  cmr: weight(0.2),
  imc: weight(0.3),
  imcVariant: z.enum(["paper", "released", "contrast"]),
  threshold: z.enum(["adaptive", "fixed", "max"]).default("adaptive"),
  fixedThreshold: weight(2),
  upperBound: weight(10),
  invalidNegatives: z.enum(["keep", "drop"]),
  duplicates: duplicatesOption,
}).refine(
  ({ imcVariant, invalidNegatives }) => imcVariant !== "released" || invalidNegatives === "keep",
  {
    path: ["invalidNegatives"],
    error: 'expected "keep" where imcVariant is "released": the first negative of the batch is ' +
      "every row's target there and must not be dropped",
  },
);

/** What the released code has in the place of a relation that cannot be made. */
const INVALID = "###";

/**
 * CE-CLIP's loss (Zhang, Awal and Agrawal, CVPR 2024), for images I, captions T and their negatives
 * T⁻, as many a row as the composer makes (slots), all of unit length, and the scaled similarity s:
 *
 * - `hardNegative`: {@linkcode hardNegativeContrastive}, every image against all captions and all
 *   negatives of the batch;
 * - `cmr`, cross-modal rank: the mean over images i and slots k of
 *   `ReLU(Thₖ + s(Iᵢ, Tᵢₖ⁻) − s(Iᵢ, Tᵢ))`;
 * - `imc`, intra-modal contrast: see {@linkcode ImcVariant};
 * - `total = hardNegative + cmr·cmr + imc·imc`, weights times terms.
 *
 * The thresholds Th, one a slot, are the loss's state unless they are fixed: 0 at the start of every
 * epoch, then made from the step before (see {@linkcode ThresholdKind}), and in [0, `upperBound`].
 *
 * @throws {RangeError} if an option is unknown or out of range, or the released intra-modal loss is
 *   to drop negatives. `compute` throws a {@linkcode TypeError} if there is not 1 caption a row.
 *
 * @example
 * ```ts
 * import { ceClipLoss } from "@syntagma/syntagma/ce-clip";
 *
 * const loss = ceClipLoss({ preset: "released" });
 * console.assert(loss.options.imcVariant === "released");
 * console.assert(loss.state?.thresholds?.reset === "epoch");
 * ```
 */
export const ceClipLoss: (options?: CeClipLossOptions) => Loss<"caption" | "negative"> =
  defineComponent({
    name: "ceClipLoss",
    schema,
    presets,
    make: ({ threshold, upperBound, invalidNegatives, ...settings }) => ({
      needs: ["caption", "negative"],
      ...(threshold === "fixed"
        ? {}
        : { state: { thresholds: { shape: ["negative"], initial: 0, reset: "epoch" } } }),
      ...(invalidNegatives === "keep" ? { absent: { negative: INVALID } } : {}),
      compute(embeddings: LossContext<"caption" | "negative">): LossResult {
        const { image, text, present, logitScale, state } = embeddings;
        const { dtype } = image;
        const [batch, slots, dim] = text.negative.shape as [number, number, number];
        checkCaptions(text.caption);
        const counted = invalidNegatives === "keep" ? ones([batch, slots]) : present.negative;
        const captions = reshape(text.caption, [batch, dim]);
        const own = mul(logitScale, sum(mul(image, captions), [1], { keepDims: true }));
        const similarities = {
          own,
          negatives: mul(
            logitScale,
            sum(mul(reshape(image, [batch, 1, dim]), text.negative), [2]),
          ),
          valid: cast(present.negative, dtype),
        };
        const thresholds = threshold === "fixed"
          ? constant(
            Array(slots).fill(Math.min(settings.fixedThreshold, upperBound)),
            [slots],
            dtype,
          )
          : cast(state.thresholds!, dtype);
        const hardNegative = hardNegativeContrastive({ duplicates: settings.duplicates }).compute({
          ...embeddings,
          present: { ...present, negative: counted },
        }).total;
        const cmr = rankLoss(similarities, thresholds);
        const imc = intraModalLoss(settings.imcVariant, {
          captions,
          negatives: text.negative,
          counted: cast(counted, dtype),
          own,
          logitScale,
        });
        return {
          total: add(hardNegative, add(mul(cmr, settings.cmr), mul(imc, settings.imc))),
          terms: { hardNegative, cmr, imc },
          ...(threshold === "fixed" ? {} : {
            state: { thresholds: nextThresholds(threshold, similarities, thresholds, upperBound) },
          }),
        };
      },
    }),
  });

function checkCaptions(caption: Tensor): void {
  if (caption.shape[1] !== 1) {
    throw new TypeError(
      `ceClipLoss: expected 1 caption a row, found ${showShape(caption.shape)}`,
    );
  }
}
