import { defineComponent, type Loss, type LossContext } from "@syntagma/syntagma";
import { hardNegativeContrastive } from "@syntagma/syntagma/contrastive";
import { add, gather, indices, mul, type Tensor } from "@syntagma/syntagma/graph";
import { z } from "zod";

type Texts = "caption" | "negative";

/**
 * The loss of TripletCLIP (Patel et al. 2024): NegCLIP's loss of the pictures, and the same of the
 * negative pictures, whose captions are the negatives of the others. Rows come in pairs, as
 * `tripletRows` makes them: a picture, then its negative picture.
 */
export const tripletLoss: (options?: { readonly negativeWeight?: number }) => Loss<Texts> =
  defineComponent({
    name: "tripletLoss",
    schema: z.strictObject({ negativeWeight: z.number().min(0).default(1) }),
    make: ({ negativeWeight }) => ({
      needs: ["caption", "negative"],
      compute(batch: LossContext<Texts>) {
        const positive = hardNegativeContrastive().compute(everySecond(batch, 0)).total;
        const negative = hardNegativeContrastive().compute(everySecond(batch, 1)).total;
        return {
          total: add(positive, mul(negative, negativeWeight)),
          terms: { positive, negative },
        };
      },
    }),
  });

function everySecond(batch: LossContext<Texts>, first: 0 | 1): LossContext<Texts> {
  const { image, text, present, identity } = batch;
  const places = indices(Array.from({ length: image.shape[0]! / 2 }, (_, i) => 2 * i + first));
  const rows = (x: Tensor) => gather(x, places);
  const both = (x: typeof text) => ({ caption: rows(x.caption), negative: rows(x.negative) });
  const halves = { image: rows(image), text: both(text), present: both(present) };
  return {
    ...batch,
    ...halves,
    identity: { picture: rows(identity.picture), text: both(identity.text) },
  };
}
