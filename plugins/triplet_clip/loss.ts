import { z } from "zod";
import { add, mul, sub } from "../../core/graph/elementwise.ts";
import { reshape } from "../../core/graph/linear.ts";
import type { Tensor } from "../../core/graph/tensor.ts";
import { defineComponent } from "../../core/define_component.ts";
import type { Loss, LossContext } from "../../core/loss.ts";
import { countedContrast } from "../contrastive/counted_contrast.ts";
import { everyRow, onlyRows } from "../contrastive/counted_rows.ts";
import { ABSENT } from "../contrastive/duplicates.ts";
import { logitsOfAll } from "../contrastive/logits.ts";
import { weightedTerms } from "../contrastive/weighted_terms.ts";

type Texts = "caption" | "negative";

/**
 * TripletCLIP's loss (Patel et al., NeurIPS 2024), for images u with captions t, and their negative
 * captions n with negative images v that these are true of:
 *
 * - `positive`: NegCLIP's loss of u and t, every u against all n too;
 * - `negative`: NegCLIP's loss of v and n, every v against all t too;
 * - `total = positive + negative·negative`, the weight times the term.
 *
 * A row that lacks its negative picture or caption does not count in the second term, and its caption
 * stands there among the others all the same.
 *
 * @param options.negative The weight of the term of the negative pictures. Default 1, as in the
 *   authors' code.
 * @throws {SettingsError} if an option is unknown or out of range. `compute` throws a
 *   {@linkcode TypeError} if there is not one text of each group and one negative picture a row.
 */
export const tripletClipLoss: (
  options?: { readonly negative?: number },
) => Loss<"caption" | "negative", "negative"> = defineComponent({
  name: "tripletClipLoss",
  schema: z.strictObject({ negative: z.number().min(0).default(1) }),
  make: ({ negative: weight }) => ({
    needs: ["caption", "negative"],
    pictures: ["negative"],
    compute({ image, images, text, present, logitScale }: LossContext<Texts, "negative">) {
      const only = (embeddings: Tensor, there: Tensor) =>
        onlyRows(embeddings, there, "tripletClipLoss: expected 1 caption, negative, other picture");
      const captions = only(text.caption, present.caption);
      const negatives = only(text.negative, present.negative);
      const others = only(images.negative.embeddings, images.negative.present);
      const absent = reshape(mul(sub(1, negatives.counted), ABSENT), [1, -1]);
      const positive = countedContrast({
        ...{ image, text: captions.rows, logitScale, counted: everyRow(image).counted },
        further: add(logitsOfAll(image, negatives.rows, logitScale), absent),
      });
      const second = countedContrast({
        ...{ image: others.rows, text: negatives.rows, logitScale },
        counted: mul(negatives.counted, others.counted),
        further: logitsOfAll(others.rows, captions.rows, logitScale),
      });
      return weightedTerms({ positive, negative: second }, { negative: weight });
    },
  }),
});
