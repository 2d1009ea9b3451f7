import { z } from "zod";
import { add, mul, square, sub } from "../../core/graph/elementwise.ts";
import { cast } from "../../core/graph/cast.ts";
import { reshape, sum, transpose } from "../../core/graph/linear.ts";
import { scalar } from "../../core/graph/node.ts";
import { mean } from "../../core/graph/reduce.ts";
import type { Tensor } from "../../core/graph/tensor.ts";
import { defineComponent } from "../../core/define_component.ts";
import type { Loss, LossContext } from "../../core/loss.ts";
import { type Duplicates, duplicatesOption } from "../contrastive/duplicates.ts";
import { hardNegativeContrastive } from "../contrastive/hard_negative_contrastive.ts";
import { logitsOfOwn } from "../contrastive/logits.ts";
import { ownChoice } from "../contrastive/own_choice.ts";
import { weightedTerms } from "../contrastive/weighted_terms.ts";

/** Options of {@linkcode deglaLoss}. */
export interface DeglaLossOptions {
  /**
   * The value of `contrasted` where it is not given: `"paper"` (the default) contrasts a caption with
   * its own negatives, `"released"` does as the authors' code does.
   */
  readonly preset?: "released" | "paper";
  /**
   * Which negatives a caption meets in the text-grounded contrast: its `"own"` (paper), or those in
   * the places i, i + N, i + 2N … of the batch's (`"strided"`, released), N the rows. In the authors'
   * code negatives stand example by example and the mask is made as if they stood kind by kind, so
   * that most of them are other captions'.
   */
  readonly contrasted?: "own" | "strided";
  /** The weight of the text-grounded contrast. Default 0.1. */
  readonly textGrounded?: number;
  /** The weight of the image-grounded contrast. Default 0.1. */
  readonly imageGrounded?: number;
  /** The weight of the distillation. Default 0.005. */
  readonly distillation?: number;
  /** What becomes of rows that are the same in the contrastive term. Default `"keep"`. */
  readonly duplicates?: Duplicates;
}

const presets = { released: { contrasted: "strided" }, paper: { contrasted: "own" } } as const;
const weight = (value: number) => z.number().min(0).default(value);

/** The scale of the text-grounded contrast (`get_text_local_loss` of the authors' `loss.py`). */
const TEXT_SCALE = 10;

type Texts = "caption" | "negative";

/**
 * DeGLA's loss (Hu et al., ACM MM 2025), for images u, captions t and negatives n, and their
 * embeddings t′, n′, u′ by the running average of the weights:
 *
 * - `hardNegative`: {@linkcode hardNegativeContrastive};
 * - `imageGrounded`: each image's choice among its caption and its own negatives, by `s·u·t`;
 * - `textGrounded`: each caption's choice among t′ and negatives, by `10·t·t′` and `10·t·n`;
 * - `distillation`: `Σ ‖u − u′‖² + Σ ‖t − t′‖² + Σ ‖n − n′‖²`, a sum over the batch;
 * - `total`: `hardNegative` and the others by their weights.
 *
 * The recipe keeps the average (`average: { decay: 0.9996 }`, the authors' value). Negatives that are
 * not there count in none of the terms.
 *
 * @throws {SettingsError} if an option is unknown or out of range. `compute` throws a
 *   {@linkcode TypeError} if there is not 1 caption a row.
 */
export const deglaLoss: (
  options?: DeglaLossOptions,
) => Loss<"caption" | "negative", never, "averaged"> = defineComponent({
  name: "deglaLoss",
  // The numbers are those of the authors' scripts/train_DeGLA.sh, at commit 1c5e960.
  schema: z.strictObject({
    preset: z.enum(["released", "paper"]).default("paper"),
    contrasted: z.enum(["own", "strided"]),
    textGrounded: weight(0.1),
    imageGrounded: weight(0.1),
    distillation: weight(0.005),
    duplicates: duplicatesOption,
  }),
  presets,
  make: ({ contrasted, duplicates, ...weights }) => ({
    needs: ["caption", "negative"],
    extras: ["averaged"],
    compute(context: LossContext<Texts, never, "averaged">) {
      const { image, text, present, logitScale, extra: { averaged } } = context;
      const [batch, slots, dim] = text.negative.shape as [number, number, number];
      if (text.caption.shape[1] !== 1) {
        throw new TypeError(`deglaLoss: expected 1 caption a row, found ${text.caption.shape[1]}`);
      }
      const there = cast(present.negative, image.dtype);
      const choice = (of: Tensor, right: Tensor, wrong: Tensor, counted: Tensor, scale: Tensor) =>
        mean(ownChoice(logitsOfOwn(of, right, scale), logitsOfOwn(of, wrong, scale), counted));
      const strided = (tensor: Tensor, each: readonly number[]) =>
        transpose(reshape(tensor, [slots, batch, ...each]), each.length ? [1, 0, 2] : [1, 0]);
      const [wrong, counted] = contrasted === "own"
        ? [text.negative, there]
        : [strided(text.negative, [dim]), strided(there, [])];
      const hardNegative = hardNegativeContrastive({ duplicates })
        .compute({ ...context, extra: {} }).total;
      const imageGrounded = choice(image, text.caption, text.negative, there, logitScale);
      const caption = reshape(text.caption, [batch, dim]);
      const ten = scalar(TEXT_SCALE, image.dtype);
      const textGrounded = choice(caption, averaged.text.caption, wrong, counted, ten);
      const apart = (a: Tensor, b: Tensor) => sum(square(sub(a, b)), [a.shape.length - 1]);
      const distillation = add(
        add(sum(apart(image, averaged.image)), sum(apart(text.caption, averaged.text.caption))),
        sum(mul(apart(text.negative, averaged.text.negative), there)),
      );
      return weightedTerms({ hardNegative, imageGrounded, textGrounded, distillation }, weights);
    },
  }),
});
