import { z } from "zod";
import { add, mul, sub } from "../../core/graph/elementwise.ts";
import { cast } from "../../core/graph/cast.ts";
import { gemm, reshape, sum } from "../../core/graph/linear.ts";
import { logSumExp } from "../../core/graph/softmax.ts";
import type { Tensor } from "../../core/graph/tensor.ts";
import { defineComponent } from "../../core/define_component.ts";
import type { Loss, LossContext, LossResult } from "../../core/loss.ts";
import { countedMean } from "../contrastive/counted_contrast.ts";
import { type Duplicates, duplicatesOption } from "../contrastive/duplicates.ts";
import { hardNegativeContrastive } from "../contrastive/hard_negative_contrastive.ts";
import { onlyRow } from "../contrastive/only_row.ts";

/** The groups of texts of READ-CLIP's rows. */
export type ReadClipGroup = "caption" | "negative" | "paraphrase";

/** Options of {@linkcode readClipAlignLoss}. */
export interface ReadClipAlignLossOptions {
  /** The weight of the alignment. Default 0.5. */
  readonly alignment?: number;
  /** What becomes of rows that are the same in the contrastive term. Default `"keep"`. */
  readonly duplicates?: Duplicates;
}

/**
 * The loss of READ-CLIP (Kwon et al., NeurIPS 2025) without its decoder, which reconstructs another
 * caption with the weight 0.1 and is not part of this project:
 *
 * - `hardNegative`: {@linkcode hardNegativeContrastive};
 * - `alignment`: each paraphrase chooses its caption among all captions of the batch, by `s·p·t`; the
 *   mean over the rows that have one;
 * - `total = hardNegative + alignment·alignment`, the weight times the term.
 *
 * @throws {SettingsError} if an option is unknown or out of range. `compute` throws a
 *   {@linkcode TypeError} if there are not 1 caption and 1 paraphrase a row.
 */
export const readClipAlignLoss: (options?: ReadClipAlignLossOptions) => Loss<ReadClipGroup> =
  defineComponent({
    name: "readClipAlignLoss",
    schema: z.strictObject({
      // text_weight of the authors' config/train_read_clip.yaml, at commit b2f096c.
      alignment: z.number().min(0).default(0.5),
      duplicates: duplicatesOption,
    }),
    make: ({ alignment: weight, duplicates }) => ({
      needs: ["caption", "negative", "paraphrase"],
      compute(context: LossContext<ReadClipGroup>) {
        const { image, text, present, logitScale } = context;
        const [batch] = image.shape as [number, number];
        const rows = (tensor: Tensor) =>
          onlyRow(tensor, "readClipAlignLoss: expected 1 caption and 1 paraphrase");
        const [caption, paraphrase] = [rows(text.caption), rows(text.paraphrase)];
        const hardNegative = hardNegativeContrastive({ duplicates }).compute(context).total;
        const toAll = mul(logitScale, gemm(paraphrase, caption, undefined, { transposeB: true }));
        const own = mul(logitScale, sum(mul(paraphrase, caption), [1]));
        const counted = cast(reshape(present.paraphrase, [batch]), image.dtype);
        const alignment = countedMean(sub(logSumExp(toAll, 1), own), counted);
        return {
          total: add(hardNegative, mul(alignment, weight)),
          terms: { hardNegative, alignment },
        } satisfies LossResult;
      },
    }),
  });
