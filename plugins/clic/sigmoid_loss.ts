import { z } from "zod";
import { cast } from "../../core/graph/cast.ts";
import { add, mul } from "../../core/graph/elementwise.ts";
import { reshape, sum } from "../../core/graph/linear.ts";
import { mean } from "../../core/graph/reduce.ts";
import { defineComponent } from "../../core/define_component.ts";
import type { Loss, LossContext } from "../../core/loss.ts";
import { droppedLogits, type Duplicates, duplicatesOption } from "../contrastive/duplicates.ts";
import { sigmoidPairs, softplus } from "../contrastive/sigmoid_contrastive.ts";
import { checkPositives, uniModalTerm } from "./positive_terms.ts";

/** Options of {@linkcode clicSigmoidLoss}. */
export interface ClicSigmoidLossOptions {
  /** The weight of Cont. Default 0.5. */
  readonly contrastive?: number;
  /** The weight of S-Neg. Default 0.5. */
  readonly hardNegative?: number;
  /** The weight of Uni. Default 1. */
  readonly uniModal?: number;
  /** What becomes of rows that are the same in Cont. Default `"keep"`. */
  readonly duplicates?: Duplicates;
}

const weight = (value: number) => z.number().min(0).default(value);

const schema = z.strictObject({
  contrastive: weight(0.5),
  hardNegative: weight(0.5),
  uniModal: weight(1),
  duplicates: duplicatesOption,
});

/**
 * CLIC's loss for models that were trained with a sigmoid, SigLIP's. The paper has none; each term is
 * that of `clicLoss` with the question that SigLIP asks of pairs in the place of the choice among them:
 *
 * - `Cont`: SigLIP's loss on the images and each set of positives (`sigmoidContrastive`), the mean over
 *   the sets;
 * - `S-Neg = meanᵢ −log σ(−(s·uᵢ·nᵢ + b))`: an image's own negative is one more wrong pair;
 * - `Uni = meanᵢ ‖t₁ᵢ − t₂ᵢ‖²`;
 * - `total = contrastive·Cont + hardNegative·S-Neg + uniModal·Uni`.
 *
 * A negative that is not there adds 0 to S-Neg. The logged terms are without their weights.
 *
 * @throws {RangeError} if an option is unknown or out of range. `compute` throws a
 *   {@linkcode TypeError} if there are fewer than 2 positives a row.
 */
export const clicSigmoidLoss: (
  options?: ClicSigmoidLossOptions,
) => Loss<"positive" | "negative", never, "logitBias"> = defineComponent({
  name: "clicSigmoidLoss",
  schema,
  make: (checked) => ({
    needs: ["positive", "negative"],
    extras: ["logitBias"],
    compute(
      { image, text, present, logitScale, identity, extra }: LossContext<
        "positive" | "negative",
        never,
        "logitBias"
      >,
    ) {
      checkPositives("clicSigmoidLoss", text.positive);
      const [batch, , dim] = text.negative.shape as [number, number, number];
      const { logitBias } = extra;
      const dropped = droppedLogits(checked.duplicates, identity, "positive");
      const contrastive = sigmoidPairs(image, text.positive, {
        logitScale,
        logitBias,
        ...(dropped === undefined ? {} : { added: dropped }),
      });
      const similarity = sum(mul(reshape(image, [batch, 1, dim]), text.negative), [2]);
      const wrong = softplus(add(mul(logitScale, similarity), logitBias));
      const hardNegative = mean(mul(wrong, cast(present.negative, image.dtype)));
      const uniModal = uniModalTerm(text.positive);
      const total = add(
        add(mul(contrastive, checked.contrastive), mul(hardNegative, checked.hardNegative)),
        mul(uniModal, checked.uniModal),
      );
      return { total, terms: { contrastive, hardNegative, uniModal } };
    },
  }),
});
