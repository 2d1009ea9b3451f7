import { defineComponent, type Loss, type LossContext } from "@syntagma/syntagma";
import { hardNegativeContrast } from "@syntagma/syntagma/contrastive";
import { add, mul, reshape } from "@syntagma/syntagma/graph";
import { z } from "zod";

type Texts = "caption" | "negative";

/**
 * The loss of TripletCLIP (Patel et al. 2024): NegCLIP's loss of the pictures, and the same of the
 * negative pictures, whose captions are the negatives of the others.
 */
export const tripletLoss: (
  options?: { readonly negativeWeight?: number },
) => Loss<Texts, "negative"> = defineComponent({
  name: "tripletLoss",
  schema: z.strictObject({ negativeWeight: z.number().min(0).default(1) }),
  make: ({ negativeWeight }) => ({
    needs: ["caption", "negative"],
    pictures: ["negative"],
    compute({ images, ...batch }: LossContext<Texts, "negative">) {
      const image = reshape(images.negative.embeddings, batch.image.shape);
      const positive = hardNegativeContrast(batch, "caption", "negative");
      const negative = hardNegativeContrast({ ...batch, image }, "negative", "caption");
      return { total: add(positive, mul(negative, negativeWeight)), terms: { positive, negative } };
    },
  }),
});
