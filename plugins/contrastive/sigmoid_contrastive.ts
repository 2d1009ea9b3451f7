import { z } from "zod";
import { cast } from "../../core/graph/cast.ts";
import { logAddExp } from "../../core/graph/composite.ts";
import { add, div, maximum, mul, sub } from "../../core/graph/elementwise.ts";
import { matmul, reshape, sum, transpose } from "../../core/graph/linear.ts";
import { scalar } from "../../core/graph/node.ts";
import type { Tensor } from "../../core/graph/tensor.ts";
import { defineComponent } from "../../core/define_component.ts";
import type { Loss, LossContext } from "../../core/loss.ts";
import { droppedLogits, type Duplicates, duplicatesOption } from "./duplicates.ts";

const schema = z.strictObject({
  weight: z.number().min(0).default(1),
  duplicates: duplicatesOption,
});

/**
 * SigLIP's loss (Zhai et al. 2023, equation 1) on the images of a batch and their captions: each pair of
 * an image and a text is a question of its own, answered yes on the diagonal,
 * `−(1/batch) Σᵢ Σⱼ log σ(zᵢⱼ · (s·uᵢ·tⱼ + b))` with `z` 1 there and −1 elsewhere. The scale `s` and the
 * bias `b` are the model's, and are trained.
 *
 * Where a row has several captions they make as many sets, and the loss is the mean over the sets.
 *
 * @param options.weight A factor on the loss. Default 1.
 * @param options.duplicates What becomes of rows that are the same. Default `"keep"`.
 * @throws {RangeError} if an option is unknown or out of range.
 */
export const sigmoidContrastive: (
  options?: { readonly weight?: number; readonly duplicates?: Duplicates },
) => Loss<"caption", never, "logitBias"> = defineComponent({
  name: "sigmoidContrastive",
  schema,
  make: ({ weight, duplicates }) => ({
    needs: ["caption"],
    extras: ["logitBias"],
    compute(
      { image, text, logitScale, identity, extra }: LossContext<"caption", never, "logitBias">,
    ) {
      const dropped = droppedLogits(duplicates, identity, "caption");
      const loss = sigmoidPairs(image, text.caption, {
        logitScale,
        logitBias: extra.logitBias,
        ...(dropped === undefined ? {} : { added: dropped }),
      });
      return { total: mul(loss, weight), terms: { contrastive: loss } };
    },
  }),
});

/** What pairs are judged by. */
export interface SigmoidPairsOptions {
  /** A scalar. */
  readonly logitScale: Tensor;
  /** A scalar. */
  readonly logitBias: Tensor;
  /** `[batch, batch, count]`: added to the logits of row, text's row and text. Default: nothing. */
  readonly added?: Tensor;
}

/**
 * SigLIP's loss on all pairs, the mean over the sets.
 *
 * @param image `[batch, dim]`, rows of unit length.
 * @param text `[batch, count, dim]`, rows of unit length.
 * @returns a scalar.
 */
export function sigmoidPairs(
  image: Tensor,
  text: Tensor,
  { logitScale, logitBias, added }: SigmoidPairsOptions,
): Tensor {
  const [batch, count, dim] = text.shape as [number, number, number];
  const rows = reshape(text, [batch * count, dim]);
  const logits = add(mul(logitScale, matmul(image, transpose(rows))), logitBias);
  const all = reshape(logits, [batch, batch, count]);
  const counted = added === undefined ? all : add(all, cast(added, all.dtype));
  const similarity = sum(mul(reshape(image, [batch, 1, dim]), text), [2]);
  const own = add(mul(logitScale, similarity), logitBias);
  // −log σ(z) is softplus(z) − z: all pairs as if they were wrong, less what right ones have too much.
  return mul(sub(sum(softplus(counted)), sum(own)), 1 / (batch * count));
}

/**
 * SigLIP's question of all rows and all texts that count: `−Σ log σ(z·logit)` by the number of texts,
 * z 1 where the row has the text and −1 elsewhere.
 *
 * @param logits `[batch, texts]`.
 * @param positive `[batch, texts]`: 1 where the row has the text, else 0.
 * @param counted `[texts]`: 1 where the text counts, else 0.
 * @returns a scalar, 0 if none counts.
 */
export function sigmoidQuestions(logits: Tensor, positive: Tensor, counted: Tensor): Tensor {
  const there = reshape(counted, [1, -1]);
  const asked = mul(sub(softplus(logits), mul(logits, positive)), there);
  return div(sum(asked), maximum(sum(counted), 1));
}

/** `log(1 + eˣ)`, which is `−log σ(−x)`. */
export function softplus(x: Tensor): Tensor {
  return logAddExp(x, scalar(0, x.dtype));
}
