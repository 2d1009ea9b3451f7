import { matmul, reshape, transpose } from "../../core/graph/linear.ts";
import { z } from "zod";
import { add, mul, sub } from "../../core/graph/elementwise.ts";
import { cast } from "../../core/graph/cast.ts";
import { logAddExp } from "../../core/graph/composite.ts";
import { logSumExp } from "../../core/graph/softmax.ts";
import { mean } from "../../core/graph/reduce.ts";
import type { Tensor } from "../../core/graph/tensor.ts";
import { defineComponent } from "../../core/define_component.ts";
import type { Loss, LossContext } from "../../core/loss.ts";
import {
  ABSENT,
  droppedLogits,
  droppedNegatives,
  type Duplicates,
  duplicatesOption,
} from "./duplicates.ts";
import { contrastiveLogits } from "./symmetric_contrastive.ts";

const schema = z.strictObject({
  weight: z.number().min(0).default(1),
  duplicates: duplicatesOption,
});

/**
 * The loss of NegCLIP (Yuksekgonul et al. 2023) and CLoVe (Castro et al. 2024): CLIP's contrastive
 * loss in which every image also meets the hard negatives of the whole batch. For N images u, their
 * captions t and M hard negatives n, all of unit length, and the logit scale s:
 *
 * `L = ½ [CE rows of s·u·[t; n]ᵀ (N × (N + M)) + CE rows of s·t·uᵀ (N × N)]`
 *
 * Negatives never look for an image. A row may have any number of negatives; those that are absent
 * are in no denominator, and without any it is plain contrastive training. Where a row has several
 * captions they make as many sets, which do not compete, each against all negatives, and the loss is
 * the mean over the sets. The logged terms are the two directions, `imageToText` and `textToImage`.
 *
 * @param options.weight A factor on the loss. Default 1.
 * @param options.duplicates What becomes of rows that are the same; with `"drop"`, a negative that
 *   is one of a row's captions is none of its negatives either. Default `"keep"`.
 * @throws {RangeError} if an option is unknown or out of range.
 *
 * @example
 * ```ts
 * import { hardNegativeContrastive } from "@syntagma/syntagma/contrastive";
 *
 * console.assert(hardNegativeContrastive().needs.join() === "caption,negative");
 * ```
 */
export const hardNegativeContrastive: (
  options?: { readonly weight?: number; readonly duplicates?: Duplicates },
) => Loss<"caption" | "negative"> = defineComponent({
  name: "hardNegativeContrastive",
  schema,
  make: ({ weight, duplicates }) => ({
    needs: ["caption", "negative"],
    compute(
      { image, text, present, logitScale, identity }: LossContext<"caption" | "negative">,
    ) {
      const dropped = duplicates === "keep" ? undefined : {
        texts: droppedLogits(duplicates, identity, "caption"),
        negatives: (logits: Tensor) =>
          droppedNegatives(identity.text.caption, identity.text.negative, logits),
      };
      const terms = directions(
        { image, text: text.caption, logitScale, negative: text.negative },
        present.negative,
        dropped,
      );
      return { total: mul(add(terms.imageToText, terms.textToImage), weight / 2), terms };
    },
  }),
});

/**
 * The loss of {@linkcode hardNegativeContrastive} of two groups of a batch, for losses that are made
 * of it: with `"caption"` and `"negative"` it is that loss.
 *
 * @param batch What a loss is computed from, or the same with other pictures, `[batch, dim]`.
 * @param own The group of the texts that are true of the pictures.
 * @param negatives The group of the texts that every picture meets beside these.
 * @returns a scalar.
 * @throws {TypeError} if the shapes do not fit.
 */
export function hardNegativeContrast<Group extends string>(
  { image, text, present, logitScale }: Pick<
    LossContext<Group>,
    "image" | "text" | "present" | "logitScale"
  >,
  own: NoInfer<Group>,
  negatives: NoInfer<Group>,
): Tensor {
  const { imageToText, textToImage } = directions(
    { image, text: text[own], logitScale, negative: text[negatives] },
    present[negatives],
  );
  return mul(add(imageToText, textToImage), 0.5);
}

/** The means over both directions. */
function directions(
  { image, text, negative, logitScale }: {
    readonly image: Tensor;
    readonly text: Tensor;
    readonly negative: Tensor;
    readonly logitScale: Tensor;
  },
  present: Tensor,
  dropped?: {
    readonly texts: Tensor | undefined;
    readonly negatives: (logits: Tensor) => Tensor;
  },
): { readonly imageToText: Tensor; readonly textToImage: Tensor } {
  const { own, toTexts, toImages } = contrastiveLogits(image, text, logitScale, dropped?.texts);
  const logits = negativeLogits(image, negative, present, logitScale);
  const negatives = dropped === undefined ? logits : add(logits, dropped.negatives(logits));
  const toNegatives = reshape(logSumExp(negatives, 1), [own.shape[0]!, 1]);
  const all = logAddExp(toTexts, toNegatives);
  return { imageToText: mean(sub(all, own)), textToImage: mean(sub(toImages, own)) };
}

/** `[batch, batch · count]`: each image against all negatives of the batch. */
function negativeLogits(
  image: Tensor,
  negative: Tensor,
  present: Tensor,
  logitScale: Tensor,
): Tensor {
  const [batch, count, dim] = negative.shape as [number, number, number];
  const rows = reshape(negative, [batch * count, dim]);
  const absent = sub(1, cast(reshape(present, [1, batch * count]), image.dtype));
  return add(mul(logitScale, matmul(image, transpose(rows))), mul(absent, ABSENT));
}
