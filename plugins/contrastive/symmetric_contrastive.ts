import { matmul, reshape, transpose } from "../../core/graph/linear.ts";
import { add, mul, sub } from "../../core/graph/elementwise.ts";
import { logSumExp } from "../../core/graph/softmax.ts";
import { mean } from "../../core/graph/reduce.ts";
import { showShape } from "../../core/graph/node.ts";
import type { Tensor } from "../../core/graph/tensor.ts";
import { cast } from "../../core/graph/cast.ts";
import { logitsOfOwn } from "./logits.ts";

/**
 * What every contrastive loss of images and texts is made of: their logits, reduced. The texts stand in `count` sets of one an image, and only
 * the texts of one set compete with each other.
 *
 * @param image u, `[batch, dim]`, rows of unit length.
 * @param text t, `[batch, count, dim]`, rows of unit length.
 * @param logitScale s, a scalar.
 * @param added `[batch, batch, count]`: added to the logits of row, text's row and text, where some
 *   are not to count (see {@linkcode droppedLogits}). Default: nothing.
 * @returns each `[batch, count]`: `own`, s·uᵢ·t_{i,k}, each image with its own texts; `toTexts`,
 *   log Σⱼ exp(s·uᵢ·t_{j,k}), image i against all texts k; `toImages`, log Σⱼ exp(s·uⱼ·t_{i,k}), text k of
 *   image i against all images.
 * @throws {TypeError} if the shapes do not fit.
 */
export function contrastiveLogits(
  image: Tensor,
  text: Tensor,
  logitScale: Tensor,
  added?: Tensor,
): { readonly own: Tensor; readonly toTexts: Tensor; readonly toImages: Tensor } {
  const [batch, count, dim] = text.shape;
  if (text.shape.length !== 3 || image.shape[0] !== batch || image.shape[1] !== dim) {
    throw new TypeError(
      `contrastiveLogits: expected an image [batch, dim] and a text [batch, count, dim], found ${
        showShape(image.shape)
      } and ${showShape(text.shape)}`,
    );
  }
  const rows = reshape(text, [batch! * count!, dim!]);
  // One product for all sets: [image, text's image, set].
  const all = reshape(
    mul(logitScale, matmul(image, transpose(rows))),
    [batch!, batch!, count!],
  );
  const logits = added === undefined ? all : add(all, cast(added, all.dtype));
  return {
    own: logitsOfOwn(image, text, logitScale),
    toTexts: logSumExp(logits, 1),
    toImages: logSumExp(logits, 0),
  };
}

/**
 * CLIP's loss: the mean over both directions, all images and all sets of the cross entropy of an
 * image and its own text, `½ (CE(s·u·tᵀ) + CE(s·t·uᵀ))` (Radford et al. 2021, figure 3).
 *
 * @param logits From {@linkcode contrastiveLogits}.
 * @returns a scalar.
 */
export function symmetricContrastive(
  { own, toTexts, toImages }: ReturnType<typeof contrastiveLogits>,
): Tensor {
  return mean(sub(mul(add(toTexts, toImages), 0.5), own));
}
