import { z } from "zod";
import { defineComponent } from "../../core/define_component.ts";
import type { Loss } from "../../core/loss.ts";
import { lossPart, summedLosses } from "../contrastive/summed_losses.ts";
import { textReconstruction } from "../onnx/text_reconstruction.ts";
import { alignOptions, readClipAlignLoss, type ReadClipAlignLossOptions } from "./loss.ts";

type Texts = "caption" | "negative" | "paraphrase" | "label";

const schema = z.strictObject({
  ...alignOptions,
  decoder: z.string().min(1),
  width: z.int().positive().default(1024),
  // training_weight of the authors' config/train_read_clip.yaml, at commit b2f096c.
  reconstruction: z.number().min(0).default(0.1),
});

/**
 * READ-CLIP's loss (Kwon et al., NeurIPS 2025): the terms of {@linkcode readClipAlignLoss}, and
 *
 * - `reconstruction`: what a frozen decoder pays for another caption of the picture, the `label`, with
 *   nothing but the caption's pooled text to go by ({@linkcode textReconstruction});
 * - `total = hardNegative + alignment·alignment + reconstruction·reconstruction`, weights times terms.
 *
 * @param options.decoder The folder or repository of the frozen decoder, as optimum exports it.
 * @param options.width The length of the state that the decoder looks at. Default 1024,
 *   T5-v1.1-large's.
 * @param options.reconstruction The weight of the reconstruction. Default 0.1.
 * @throws {SettingsError} if an option is unknown or out of range. `prepare` throws a
 *   {@linkcode RangeError} if there is no such decoder, or one of another width.
 */
export const readClipLoss: (
  options: ReadClipAlignLossOptions & {
    readonly decoder: string;
    readonly width?: number;
    readonly reconstruction?: number;
  },
) => Loss<"caption" | "negative" | "paraphrase" | "label", never, "pooled" | "read"> =
  defineComponent({
    name: "readClipLoss",
    schema,
    make: (settings) => {
      const { decoder, width, reconstruction, ...align } = settings;
      return summedLosses<Texts, never, "pooled" | "read">(() => readClipLoss(settings), [
        lossPart(readClipAlignLoss(align)),
        lossPart(textReconstruction({ decoder, width }), reconstruction),
      ]);
    },
  });
