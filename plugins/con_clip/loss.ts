import { z } from "zod";
import { add, mul } from "../../core/graph/elementwise.ts";
import type { Tensor } from "../../core/graph/tensor.ts";
import { defineComponent } from "../../core/define_component.ts";
import type { Loss, LossContext, LossResult } from "../../core/loss.ts";
import { chooseAmong } from "../contrastive/choose_among.ts";
import { everyRow, onlyRows } from "../contrastive/counted_rows.ts";

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
      const only = (embeddings: Tensor, there: Tensor) =>
        onlyRows(embeddings, there, "conClipLoss: expected 1 caption, negative and distractor");
      const pictures = everyRow(image);
      const captions = everyRow(only(text.caption, present.caption).rows);
      const negated = only(text.negative, present.negative);
      const distractors = only(images.distractor.embeddings, images.distractor.present);
      const imageToText = chooseAmong(logitScale, pictures, captions, negated);
      const textToImage = chooseAmong(logitScale, captions, pictures, distractors);
      const distractor = chooseAmong(logitScale, distractors, negated, captions);
      const total = mul(add(add(imageToText, textToImage), distractor), 1 / 3);
      return { total, terms: { imageToText, textToImage, distractor } } satisfies LossResult;
    },
  }),
});
