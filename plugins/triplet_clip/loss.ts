import { z } from "zod";
import { add, mul, sub } from "../../core/graph/elementwise.ts";
import { cast } from "../../core/graph/cast.ts";
import { gemm, reshape } from "../../core/graph/linear.ts";
import { ones } from "../../core/graph/node.ts";
import type { Tensor } from "../../core/graph/tensor.ts";
import { defineComponent } from "../../core/define_component.ts";
import type { Loss, LossContext, LossResult } from "../../core/loss.ts";
import { countedContrast } from "../contrastive/counted_contrast.ts";
import { ABSENT } from "../contrastive/duplicates.ts";
import { onlyRow } from "../contrastive/only_row.ts";

/** Options of {@linkcode tripletClipLoss}. */
export interface TripletClipLossOptions {
  /** The weight of the term of the negative pictures. Default 1, as in the authors' code. */
  readonly negative?: number;
}

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
 * @throws {SettingsError} if an option is unknown or out of range. `compute` throws a
 *   {@linkcode TypeError} if there is not one text of each group and one negative picture a row.
 */
export const tripletClipLoss: (
  options?: TripletClipLossOptions,
) => Loss<"caption" | "negative", "negative"> = defineComponent({
  name: "tripletClipLoss",
  schema: z.strictObject({ negative: z.number().min(0).default(1) }),
  make: ({ negative: weight }) => ({
    needs: ["caption", "negative"],
    pictures: ["negative"],
    compute({ image, images, text, present, logitScale }: LossContext<Texts, "negative">) {
      const [batch] = image.shape as [number, number];
      const rows = (tensor: Tensor) =>
        onlyRow(tensor, "tripletClipLoss: expected 1 caption, negative and negative picture");
      const [caption, negative] = [rows(text.caption), rows(text.negative)];
      const other = rows(images.negative.embeddings);
      const isThere = (given: Tensor) => cast(reshape(given, [batch]), image.dtype);
      const told = isThere(present.negative);
      const shown = mul(told, isThere(images.negative.present));
      const against = (pictures: Tensor, texts: Tensor) =>
        mul(logitScale, gemm(pictures, texts, undefined, { transposeB: true }));
      const absent = reshape(mul(sub(1, told), ABSENT), [1, batch]);
      const positive = countedContrast({
        ...{ image, text: caption, logitScale, counted: ones([batch], image.dtype) },
        further: add(against(image, negative), absent),
      });
      const second = countedContrast({
        ...{ image: other, text: negative, logitScale, counted: shown },
        further: against(other, caption),
      });
      const total = add(positive, mul(second, weight));
      return { total, terms: { positive, negative: second } } satisfies LossResult;
    },
  }),
});
