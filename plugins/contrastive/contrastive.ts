import { z } from "zod";
import { mul } from "../../core/graph/elementwise.ts";
import { defineComponent } from "../../core/define_component.ts";
import type { Loss, LossContext } from "../../core/loss.ts";
import { droppedLogits, type Duplicates, duplicatesOption } from "./duplicates.ts";
import { contrastiveLogits, symmetricContrastive } from "./symmetric_contrastive.ts";

const schema = z.strictObject({
  weight: z.number().min(0).default(1),
  duplicates: duplicatesOption,
});

/**
 * CLIP's symmetric contrastive loss on the images of a batch and their captions, with the other
 * rows of the batch as negatives: `½ (CE(s·u·tᵀ) + CE(s·t·uᵀ))`, labels on the diagonal.
 *
 * Where a row has several captions they make as many sets, which do not compete, and the loss is
 * the mean over the sets.
 *
 * @param options.weight A factor on the loss. Default 1.
 * @param options.duplicates What becomes of rows that are the same. Default `"keep"`.
 * @throws {RangeError} if an option is unknown or out of range. `compute` throws one if the batch is
 *   a single row, which would teach nothing.
 */
export const contrastive: (
  options?: { readonly weight?: number; readonly duplicates?: Duplicates },
) => Loss<"caption"> = defineComponent({
  name: "contrastive",
  schema,
  make: ({ weight, duplicates }) => ({
    needs: ["caption"],
    compute({ image, text, logitScale, identity }: LossContext<"caption">) {
      if (image.shape[0]! < 2) {
        throw new RangeError(
          "contrastive: expected a batch of at least 2 rows, which are told from each other, found 1",
        );
      }
      const dropped = droppedLogits(duplicates, identity, "caption");
      const logits = contrastiveLogits(image, text.caption, logitScale, dropped);
      const loss = symmetricContrastive(logits);
      return { total: mul(loss, weight), terms: { contrastive: loss } };
    },
  }),
});
