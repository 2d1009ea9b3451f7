import { z } from "zod";
import { add, mul } from "../../core/graph/elementwise.ts";
import { reshape } from "../../core/graph/linear.ts";
import { defineComponent } from "../../core/define_component.ts";
import type { Loss, LossContext } from "../../core/loss.ts";
import { countedContrast } from "../contrastive/counted_contrast.ts";
import { rowsAt } from "../contrastive/counted_rows.ts";
import { type Duplicates, duplicatesOption } from "../contrastive/duplicates.ts";
import { hardNegativeContrastive } from "../contrastive/hard_negative_contrastive.ts";
import { logitsOfAll, logitsOfOwn } from "../contrastive/logits.ts";
import { weightedTerms } from "../contrastive/weighted_terms.ts";

/** The groups of texts of CS-CLIP's rows. */
export type CsClipGroup = "caption" | "negative" | "unit" | "foil";

/** Options of {@linkcode csClipLoss}. */
export interface CsClipLossOptions {
  /**
   * The value of `incomplete` where it is not given: `"paper"` (the default) keeps captions without a
   * negative, `"released"` does as the authors' code does.
   */
  readonly preset?: "released" | "paper";
  /**
   * What becomes in the loss of full captions of a row whose caption has no negative: it stays, and
   * its negative stands in no denominator (`"keep"`, paper); or the row does not count, and the empty
   * text stands in the denominators of the others in its negative's place (`"leave"`, released).
   */
  readonly incomplete?: "keep" | "leave";
  /** The weight of the loss of units. Default 0.5. */
  readonly units?: number;
  /** What becomes of rows that are the same where captions are kept. Default `"keep"`. */
  readonly duplicates?: Duplicates;
}

const presets = { released: { incomplete: "leave" }, paper: { incomplete: "keep" } } as const;

/**
 * CS-CLIP's loss ("Half-Truths Break Similarity-Based Retrieval", arXiv 2602.23906), for images u,
 * captions t with a negative each, and N units a caption (a relation of it, or things that it names),
 * each with its own foil:
 *
 * - `full`: NegCLIP's loss of u and t with the negatives of the whole batch;
 * - `unit`: for each of the N places, CLIP's contrast of u and the units in that place, every u also
 *   against its own unit's foil and no other; the mean over the places;
 * - `total = full + units·unit`, the weight times the term.
 *
 * A unit counts if it and its foil are there; the others stand in no denominator.
 *
 * @throws {SettingsError} if an option is unknown or out of range. `compute` throws a
 *   {@linkcode TypeError} if there are not 1 caption and 1 negative a row, and a foil for each unit.
 */
export const csClipLoss: (
  options?: CsClipLossOptions,
) => Loss<"caption" | "negative" | "unit" | "foil"> = defineComponent({
  name: "csClipLoss",
  schema: z.strictObject({
    preset: z.enum(["released", "paper"]).default("paper"),
    incomplete: z.enum(["keep", "leave"]),
    // lambda_entities of the authors' configs/loss/multi_caption.yaml, at commit 98b40c0.
    units: z.number().min(0).default(0.5),
    duplicates: duplicatesOption,
  }),
  presets,
  make: ({ incomplete, units: weight, duplicates }) => ({
    needs: ["caption", "negative", "unit", "foil"],
    compute(context: LossContext<CsClipGroup>) {
      const { image, text, present, logitScale } = context;
      const [batch, count, dim] = text.unit.shape as [number, number, number];
      const counts = [text.caption, text.negative, text.foil].map(({ shape }) => shape[1]);
      if (counts.join() !== `1,1,${count}`) {
        throw new TypeError(
          `csClipLoss: expected 1 caption, 1 negative and ${count} foils a row, as there are units, ` +
            `found ${counts.join(", ")}`,
        );
      }
      const negative = rowsAt(text.negative, present.negative, 0);
      const full = incomplete === "keep"
        ? hardNegativeContrastive({ duplicates }).compute(context).total
        : countedContrast({
          ...{ image, text: rowsAt(text.caption, present.caption, 0).rows, logitScale },
          counted: negative.counted,
          further: logitsOfAll(image, negative.rows, logitScale),
        });
      const places = Array.from({ length: count }, (_, place) => {
        const unit = rowsAt(text.unit, present.unit, place);
        const foil = rowsAt(text.foil, present.foil, place);
        return countedContrast({
          ...{ image, text: unit.rows, logitScale },
          counted: mul(unit.counted, foil.counted),
          further: logitsOfOwn(image, reshape(foil.rows, [batch, 1, dim]), logitScale),
        });
      });
      const unit = mul(places.reduce((a, b) => add(a, b)), 1 / count);
      return weightedTerms({ full, unit }, { unit: weight });
    },
  }),
});
