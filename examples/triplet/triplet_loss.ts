import { defineComponent, type Loss, type LossContext } from "@syntagma/syntagma";
import { hardNegativeContrastive } from "@syntagma/syntagma/contrastive";
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
      const swap = <T>(of: Record<Texts, T>) => ({ caption: of.negative, negative: of.caption });
      const other = {
        image: reshape(images.negative.embeddings, batch.image.shape),
        text: swap(batch.text),
        present: swap(batch.present),
        identity: { ...batch.identity, text: swap(batch.identity.text) },
      };
      const positive = hardNegativeContrastive().compute({ ...batch, images: {} }).total;
      const negative = hardNegativeContrastive().compute({ ...batch, ...other, images: {} }).total;
      return { total: add(positive, mul(negative, negativeWeight)), terms: { positive, negative } };
    },
  }),
});
