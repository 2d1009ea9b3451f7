import { z } from "zod";
import { mul } from "../../core/graph/elementwise.ts";
import { defineComponent } from "../../core/define_component.ts";
import type { Loss, LossContext } from "../../core/loss.ts";
import { contrastiveLogits, symmetricContrastive } from "./symmetric_contrastive.ts";

/** What {@linkcode contrastive} can be told. */
export interface ContrastiveOptions {
  /** A factor on the loss. Default 1. */
  readonly weight?: number;
}

const schema = z.strictObject({ weight: z.number().min(0).default(1) });

/**
 * CLIP's symmetric contrastive loss on the images of a batch and their captions, with the other
 * rows of the batch as negatives: `½ (CE(s·u·tᵀ) + CE(s·t·uᵀ))`, labels on the diagonal.
 *
 * Where a row has several captions they make as many sets, which do not compete, and the loss is
 * the mean over the sets.
 *
 * @throws {RangeError} if an option is unknown or out of range.
 */
export const contrastive: (options?: ContrastiveOptions) => Loss<"caption"> = defineComponent({
  name: "contrastive",
  schema,
  make: ({ weight }) => ({
    needs: ["caption"],
    compute({ image, text, logitScale }: LossContext<"caption">) {
      const loss = symmetricContrastive(contrastiveLogits(image, text.caption, logitScale));
      return { total: mul(loss, weight), terms: { contrastive: loss } };
    },
  }),
});
