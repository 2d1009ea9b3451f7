import { matmul, reshape, sum, transpose } from "../../core/graph/linear.ts";
import { z } from "zod";
import { add, mul, sub } from "../../core/graph/elementwise.ts";
import { cast } from "../../core/graph/cast.ts";
import { logAddExp } from "../../core/graph/composite.ts";
import { logSumExp } from "../../core/graph/softmax.ts";
import { mean } from "../../core/graph/reduce.ts";
import type { Tensor } from "../../core/graph/tensor.ts";
import { defineComponent } from "../../core/define_component.ts";
import type { Loss, LossContext, LossResult } from "../../core/loss.ts";
import {
  ABSENT,
  droppedLogits,
  droppedNegatives,
  type Duplicates,
  duplicatesOption,
} from "../contrastive/duplicates.ts";
import { contrastiveLogits, symmetricContrastive } from "../contrastive/symmetric_contrastive.ts";
import { checkPositives, uniModalTerm } from "./positive_terms.ts";

/** Options of {@linkcode clicLoss}. */
export interface ClicLossOptions {
  /** The weight of Cont. Default 0.5. */
  readonly contrastive?: number;
  /** The weight of S-Neg. Default 0.5. Without effect where the denominator is unified. */
  readonly hardNegative?: number;
  /** The weight of Uni. Default 1. */
  readonly uniModal?: number;
  /**
   * Where an image meets hard negatives. `"separate"` (the default, and what the paper reports): in a
   * term of its own, S-Neg, which knows the image's own negative alone. `"unified"`: all negatives of
   * the batch stand in Cont's image-to-text denominator, as in NegCLIP, and there is no S-Neg; texts
   * meet no negative in either. The released code gives Cont the weight 1 where it is unified, so
   * what it does then is `{ denominator: "unified", contrastive: 1 }`.
   */
  readonly denominator?: "separate" | "unified";
  /**
   * What becomes of rows that are the same in Cont, and of negatives that are one of a row's
   * positives in the unified denominator. Default `"keep"`.
   */
  readonly duplicates?: Duplicates;
}

const weight = (value: number) => z.number().min(0).default(value);

const schema = z.strictObject({
  contrastive: weight(0.5),
  hardNegative: weight(0.5),
  uniModal: weight(1),
  denominator: z.enum(["separate", "unified"]).default("separate"),
  duplicates: duplicatesOption,
});

/**
 * CLIC's loss (Peleg, Singh and Hein 2025, equations 2 to 7), for images u, K positives t₁ … t_K
 * and a negative n a row, all of unit length, and the logit scale s:
 *
 * - `Cont = (1/K) Σₖ ½ [CE(s·u·tₖᵀ) + CE(s·tₖ·uᵀ)]`: the positives of one image never compete;
 * - `S-Neg = (1/K) Σₖ meanᵢ CE([s·uᵢ·tₖᵢ, s·uᵢ·nᵢ], 0)`: own negative only;
 * - `Uni = meanᵢ ‖t₁ᵢ − t₂ᵢ‖²`;
 * - `total = contrastive·Cont + hardNegative·S-Neg + uniModal·Uni`.
 *
 * With the unified denominator the first half of Cont becomes
 * `−log [exp(s·uᵢ·tₖᵢ) / (Σⱼ exp(s·uᵢ·tₖⱼ) + Σⱼ exp(s·uᵢ·nⱼ))]`, and S-Neg is left out.
 *
 * The method has one negative a row. Where there are more, S-Neg is the mean over them too, and all
 * of them stand in the unified denominator.
 *
 * A negative that is not there adds 0 to S-Neg, and nothing to any denominator. The logged terms are
 * `contrastive`, `hardNegative` (separate only) and `uniModal`, without their weights.
 *
 * @throws {RangeError} if an option is unknown or out of range. `compute` throws a
 *   {@linkcode TypeError} if there are fewer than 2 positives a row.
 */
export const clicLoss: (options?: ClicLossOptions) => Loss<"positive" | "negative"> =
  defineComponent({
    name: "clicLoss",
    schema,
    make: (checked) => ({
      needs: ["positive", "negative"],
      compute(
        { image, text, present, logitScale, identity }: LossContext<"positive" | "negative">,
      ) {
        checkPositives("clicLoss", text.positive);
        const [batch, negatives, dim] = text.negative.shape as [number, number, number];
        const dropped = droppedLogits(checked.duplicates, identity, "positive");
        const logits = contrastiveLogits(image, text.positive, logitScale, dropped);
        const negativePresent = cast(present.negative, image.dtype);
        const uniModal = uniModalTerm(text.positive);
        const weighted = mul(uniModal, checked.uniModal);

        if (checked.denominator === "unified") {
          const all = reshape(text.negative, [batch * negatives, dim]);
          const absent = mul(sub(1, reshape(negativePresent, [batch * negatives])), ABSENT);
          const toAll = add(mul(logitScale, matmul(image, transpose(all))), absent);
          const toNegatives = checked.duplicates === "keep"
            ? toAll
            : add(toAll, droppedNegatives(identity.text.positive, identity.text.negative, toAll));
          const toTexts = logAddExp(logits.toTexts, reshape(logSumExp(toNegatives, 1), [batch, 1]));
          const contrastive = symmetricContrastive({ ...logits, toTexts });
          return result(add(mul(contrastive, checked.contrastive), weighted), {
            contrastive,
            uniModal,
          });
        }
        const contrastive = symmetricContrastive(logits);
        const own = reshape(logits.own, [batch, -1, 1]);
        const toOwnNegatives = mul(
          logitScale,
          sum(mul(reshape(image, [batch, 1, dim]), text.negative), [2]),
        );
        const missed = sub(logAddExp(own, reshape(toOwnNegatives, [batch, 1, negatives])), own);
        const hardNegative = mean(mul(missed, reshape(negativePresent, [batch, 1, negatives])));
        return result(
          add(
            add(mul(contrastive, checked.contrastive), mul(hardNegative, checked.hardNegative)),
            weighted,
          ),
          { contrastive, hardNegative, uniModal },
        );
      },
    }),
  });

function result(total: Tensor, terms: LossResult["terms"]): LossResult {
  return { total, terms };
}
