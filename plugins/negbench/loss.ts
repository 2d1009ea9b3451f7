import { z } from "zod";
import { add, mul } from "../../core/graph/elementwise.ts";
import { cast } from "../../core/graph/cast.ts";
import { slice } from "../../core/graph/shape.ts";
import type { Tensor } from "../../core/graph/tensor.ts";
import { defineComponent } from "../../core/define_component.ts";
import type { Loss, LossContext } from "../../core/loss.ts";
import { chooseAmong } from "../contrastive/choose_among.ts";
import { countedMean } from "../contrastive/counted_contrast.ts";
import { onlyRows, rowsAt } from "../contrastive/counted_rows.ts";
import { logitsOfOwn } from "../contrastive/logits.ts";
import { ownChoice } from "../contrastive/own_choice.ts";
import { weightedTerms } from "../contrastive/weighted_terms.ts";

const presets = {
  // The names of the released checkpoints, "…_lr1e-8_clw0.99_mlw0.01" (models.md, commit 2ac009b).
  released: { alpha: 0.99 },
  // By a summary of the preprint (arXiv 2501.09425): the row of its ablation whose scores stand in its
  // main table for CC12M-NegFull.
  paper: { alpha: 0.75 },
} as const;

type Texts = "caption" | "answer";

/**
 * The loss of "CLIP + NegFull" (Alhamoud et al., CVPR 2025), after the authors' `ClipLoss` and
 * `MCQLoss` (m1k2zoo/negbench, commit 2ac009b), for captions that may deny something and answers of
 * which the first is right:
 *
 * - `contrastive`: CLIP's loss of the rows that have a caption, among these alone;
 * - `choice`: each picture chooses its right answer among its own, a cross entropy; the mean over the
 *   rows that have a question;
 * - `total = alpha·contrastive + (1 − alpha)·choice`, weights times terms.
 *
 * The authors draw two batches, of captions and of questions: a row may have both, or one of them.
 * A wrong answer that is not there stands in no choice.
 *
 * @param options.preset The value of `alpha` where it is not given. Default `"paper"`.
 * @param options.alpha The weight of the contrast, from 0 to 1; the choice has the rest.
 * @param options.lengths What the logits of the choice are multiplied by: the length of a picture's
 *   embedding times that of an answer's, which the released code leaves in them (its
 *   `process_mcq_batch` embeds without normalising). Default 1: cosines, as in the contrast and in
 *   their evaluation.
 * @throws {SettingsError} if an option is unknown or out of range. `compute` throws a
 *   {@linkcode TypeError} if a row has more than one caption, or fewer than two answers.
 */
export const negFullLoss: (
  options?: {
    readonly preset?: "released" | "paper";
    readonly alpha?: number;
    readonly lengths?: number;
  },
) => Loss<"caption" | "answer"> = defineComponent({
  name: "negFullLoss",
  schema: z.strictObject({
    preset: z.enum(["released", "paper"]).default("paper"),
    alpha: z.number().min(0).max(1),
    lengths: z.number().positive().default(1),
  }),
  presets,
  make: ({ alpha, lengths }) => ({
    needs: ["caption", "answer"],
    compute({ image, text, present, logitScale }: LossContext<Texts>) {
      const captions = onlyRows(text.caption, present.caption, "negFullLoss: expected 1 caption");
      const pictures = { rows: image, counted: captions.counted };
      const toTexts = chooseAmong(logitScale, pictures, captions);
      const toImages = chooseAmong(logitScale, captions, pictures);
      const count = text.answer.shape[1]!;
      if (count < 2) {
        throw new TypeError(`negFullLoss: expected 2 answers a row or more, found ${count}`);
      }
      const logits = mul(logitsOfOwn(image, text.answer, logitScale), lengths);
      const right = (of: Tensor) => slice(of, { axis: 1, start: 0, end: 1 });
      const wrong = (of: Tensor) => slice(of, { axis: 1, start: 1, end: count });
      const there = cast(wrong(present.answer), image.dtype);
      const { counted } = rowsAt(text.answer, present.answer, 0);
      const choice = countedMean(ownChoice(right(logits), wrong(logits), there), counted);
      return weightedTerms(
        { contrastive: mul(add(toTexts, toImages), 0.5), choice },
        { contrastive: alpha, choice: 1 - alpha },
      );
    },
  }),
});
