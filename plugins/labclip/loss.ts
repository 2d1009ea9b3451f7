import { z } from "zod";
import { l2Normalize } from "../../core/graph/composite.ts";
import { exp } from "../../core/graph/elementwise.ts";
import { matmul } from "../../core/graph/linear.ts";
import type { Tensor } from "../../core/graph/tensor.ts";
import { defineComponent } from "../../core/define_component.ts";
import type { Loss, LossContext } from "../../core/loss.ts";
import { type Duplicates, duplicatesOption } from "../contrastive/duplicates.ts";
import { hardNegativeContrastive } from "../contrastive/hard_negative_contrastive.ts";

/**
 * The loss of LABCLIP (Koishigarina, Uselis and Oh, "CLIP Behaves like a Bag-of-Words Model
 * Cross-modally but not Uni-modally", ICLR 2026; its `learning_alignment.py`): CLIP's contrast with
 * hard negatives of pictures and texts that went through a matrix A, `t ↦ t·A / ‖t·A‖`, which alone
 * is trained. At the start A is the identity. `foldMatrix` makes it part of the text tower's
 * projection.
 *
 * A is the loss's parameter `matrix`, the logarithm of a scale of its own is `temperature`; a recipe
 * trains them alone by `trained: ["loss"]`.
 *
 * @param options.scale The logit scale: the model's (`"model"`, the default), or one of the loss's
 *   own that begins at 1 and is trained by its logarithm, as in the authors' code (`"own"`).
 * @param options.duplicates What becomes of rows that are the same. Default `"keep"`.
 * @throws {SettingsError} if an option is unknown or out of range.
 */
export const labclipLoss: (
  options?: { readonly scale?: "model" | "own"; readonly duplicates?: Duplicates },
) => Loss<"caption" | "negative"> = defineComponent({
  name: "labclipLoss",
  schema: z.strictObject({
    scale: z.enum(["model", "own"]).default("model"),
    duplicates: duplicatesOption,
  }),
  make: ({ scale, ...settings }) => ({
    needs: ["caption", "negative"],
    parameters: {
      matrix: { shape: ["dim", "dim"], initial: ([dim]) => identity(dim!) },
      ...(scale === "own" && { temperature: { shape: [], initial: () => Float32Array.of(0) } }),
    },
    compute(context: LossContext<"caption" | "negative">) {
      const { text, parameters: { matrix, temperature }, logitScale } = context;
      const mapped = (rows: Tensor) => l2Normalize(matmul(rows, matrix!));
      return hardNegativeContrastive(settings).compute({
        ...context,
        text: { caption: mapped(text.caption), negative: mapped(text.negative) },
        logitScale: temperature === undefined ? logitScale : exp(temperature),
      });
    },
  }),
});

function identity(dim: number): Float32Array {
  return Float32Array.from({ length: dim * dim }, (_, i) => i % (dim + 1) === 0 ? 1 : 0);
}
