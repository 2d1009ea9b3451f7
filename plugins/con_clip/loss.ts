import { z } from "zod";
import { add, mul, sub } from "../../core/graph/elementwise.ts";
import { cast } from "../../core/graph/cast.ts";
import { gemm, reshape, sum } from "../../core/graph/linear.ts";
import { ones } from "../../core/graph/node.ts";
import { concat } from "../../core/graph/shape.ts";
import { logSumExp } from "../../core/graph/softmax.ts";
import type { Tensor } from "../../core/graph/tensor.ts";
import { defineComponent } from "../../core/define_component.ts";
import type { Loss, LossContext, LossResult } from "../../core/loss.ts";
import { countedMean } from "../contrastive/counted_contrast.ts";
import { ABSENT } from "../contrastive/duplicates.ts";
import { onlyRow } from "../contrastive/only_row.ts";

type Texts = "caption" | "negative";

/**
 * CoN-CLIP's loss (Singh, Shrivastava, Vatsa, Singh and Bharati, WACV 2025), for images u, captions t,
 * negated captions n and distractor images d, which n is true of, after the authors' code (its
 * `CustomLossWithNegatives`, commit 5033881); the mean of three cross entropies:
 *
 * - `imageToText`: each u chooses its t among all t and n;
 * - `textToImage`: each t chooses its u among all u and d;
 * - `distractor`: each d chooses its n among all n and t.
 *
 * A negated caption or a distractor that is not there stands in no choice; `distractor` is the mean
 * over the rows that have both.
 *
 * @throws {SettingsError} if an option is given. `compute` throws a {@linkcode TypeError} if there is
 *   not one text of each group and one distractor a row.
 */
export const conClipLoss: (
  options?: Record<never, never>,
) => Loss<"caption" | "negative", "distractor"> = defineComponent({
  name: "conClipLoss",
  schema: z.strictObject({}),
  make: () => ({
    needs: ["caption", "negative"],
    pictures: ["distractor"],
    compute({ image, images, text, present, logitScale }: LossContext<Texts, "distractor">) {
      const [batch] = image.shape as [number, number];
      const rows = (tensor: Tensor) =>
        onlyRow(tensor, "conClipLoss: expected 1 caption, negative and distractor");
      const own = { rows: rows(text.caption), there: ones([batch], image.dtype) };
      const isThere = (given: Tensor) => cast(reshape(given, [batch]), image.dtype);
      const negated = { rows: rows(text.negative), there: isThere(present.negative) };
      const pictures = { rows: image, there: ones([batch], image.dtype) };
      const distractors = {
        rows: rows(images.distractor.embeddings),
        there: isThere(images.distractor.present),
      };
      const choice = (from: Rows, right: Rows, wrong: Rows) =>
        countedMean(
          missed(from, right, wrong, logitScale),
          mul(from.there, right.there),
        );
      const imageToText = choice(pictures, own, negated);
      const textToImage = choice(own, pictures, distractors);
      const distractor = choice(distractors, negated, own);
      const total = mul(add(add(imageToText, textToImage), distractor), 1 / 3);
      return { total, terms: { imageToText, textToImage, distractor } } satisfies LossResult;
    },
  }),
});

/** Embeddings, and which of them are there. */
interface Rows {
  /** `[batch, dim]`. */
  readonly rows: Tensor;
  /** `[batch]`: 1 or 0. */
  readonly there: Tensor;
}

/** `[batch]`: the cross entropy of each row's choice among all right and all wrong ones. */
function missed({ rows }: Rows, right: Rows, wrong: Rows, logitScale: Tensor): Tensor {
  const [batch] = rows.shape as [number, number];
  const all = concat([right.rows, wrong.rows], 0);
  const absent = mul(sub(1, concat([right.there, wrong.there], 0)), ABSENT);
  const logits = mul(logitScale, gemm(rows, all, undefined, { transposeB: true }));
  const spread = logSumExp(add(logits, reshape(absent, [1, 2 * batch])), 1);
  return sub(spread, mul(logitScale, sum(mul(rows, right.rows), [1])));
}
