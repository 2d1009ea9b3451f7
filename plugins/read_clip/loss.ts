import { z } from "zod";
import { defineComponent } from "../../core/define_component.ts";
import type { Loss, LossContext } from "../../core/loss.ts";
import { chooseAmong } from "../contrastive/choose_among.ts";
import { everyRow, onlyRows } from "../contrastive/counted_rows.ts";
import { type Duplicates, duplicatesOption } from "../contrastive/duplicates.ts";
import { hardNegativeContrastive } from "../contrastive/hard_negative_contrastive.ts";
import { weightedTerms } from "../contrastive/weighted_terms.ts";

type Texts = "caption" | "negative" | "paraphrase";

/** Options of {@linkcode readClipAlignLoss}. */
export interface ReadClipAlignLossOptions {
  /** The weight of the alignment. Default 0.5. */
  readonly alignment?: number;
  /** What becomes of rows that are the same in the contrastive term. Default `"keep"`. */
  readonly duplicates?: Duplicates;
}

/** The schemas of {@linkcode ReadClipAlignLossOptions}. */
export const alignOptions: {
  readonly alignment: z.ZodDefault<z.ZodNumber>;
  readonly duplicates: typeof duplicatesOption;
} = {
  // text_weight of the authors' config/train_read_clip.yaml, at commit b2f096c.
  alignment: z.number().min(0).default(0.5),
  duplicates: duplicatesOption,
};

/**
 * The loss of READ-CLIP (Kwon et al., NeurIPS 2025) without its decoder:
 *
 * - `hardNegative`: {@linkcode hardNegativeContrastive};
 * - `alignment`: each paraphrase chooses its caption among all captions of the batch, by `s·p·t`; the
 *   mean over the rows that have one;
 * - `total = hardNegative + alignment·alignment`, the weight times the term.
 *
 * @throws {SettingsError} if an option is unknown or out of range. `compute` throws a
 *   {@linkcode TypeError} if there are not 1 caption and 1 paraphrase a row.
 */
export const readClipAlignLoss: (
  options?: ReadClipAlignLossOptions,
) => Loss<"caption" | "negative" | "paraphrase"> = defineComponent({
  name: "readClipAlignLoss",
  schema: z.strictObject(alignOptions),
  make: ({ duplicates, ...weights }) => ({
    needs: ["caption", "negative", "paraphrase"],
    compute(context: LossContext<Texts>) {
      const { text, present, logitScale } = context;
      const only = (group: "caption" | "paraphrase") =>
        onlyRows(
          text[group],
          present[group],
          "readClipAlignLoss: expected 1 caption and 1 paraphrase",
        );
      const captions = everyRow(only("caption").rows);
      const hardNegative = hardNegativeContrastive({ duplicates }).compute(context).total;
      const alignment = chooseAmong(logitScale, only("paraphrase"), captions);
      return weightedTerms({ hardNegative, alignment }, weights);
    },
  }),
});
