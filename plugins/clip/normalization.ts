import type { Normalization } from "../../core/images/raster.ts";

/** OpenAI's normalisation of pictures, kept by all fine-tunes of its weights. */
export const clipNormalization: Normalization = {
  mean: [0.48145466, 0.4578275, 0.40821073],
  deviation: [0.26862954, 0.26130258, 0.27577711],
};
