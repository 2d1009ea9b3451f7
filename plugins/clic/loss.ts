import { z } from "zod";
import {
  add,
  cast,
  concat,
  expand,
  logSumExp,
  matmul,
  mean,
  mul,
  reshape,
  showShape,
  slice,
  square,
  sub,
  sum,
  type Tensor,
  transpose,
} from "../../core/graph/mod.ts";
import {
  checkOptions,
  type Embeddings,
  type JsonObject,
  type Loss,
  type LossResult,
} from "../../mod.ts";
import { contrastiveLogits, symmetricContrastive } from "../contrastive/mod.ts";

/** What {@linkcode clicLoss} can be told. */
export interface ClicLossOptions {
  /** The weight of Cont. Default 0.5. */
  readonly contrastive?: number;
  /** The weight of S-Neg. Default 0.5. Without effect where the denominator is unified. */
  readonly hardNegative?: number;
  /** The weight of Uni. Default 1. */
  readonly uniModal?: number;
  /**
   * Whether an image meets its hard negative in a term of its own (`"separate"`, the default), or
   * all negatives of the batch stand in Cont's image-to-text denominator (`"unified"`). The released
   * code gives Cont the weight 1 where it is unified.
   */
  readonly denominator?: "separate" | "unified";
}

const weight = (value: number) => z.number().min(0).default(value);

const schema = z.strictObject({
  contrastive: weight(0.5),
  hardNegative: weight(0.5),
  uniModal: weight(1),
  denominator: z.enum(["separate", "unified"]).default("separate"),
});

/** Added to the logit of a negative that is not there; e^−10⁴ is 0 in every element type. */
const ABSENT = -1e4;

/**
 * CLIC's loss (Peleg, Singh and Hein 2025, equations 2 to 7), for images u, K positives t₁ … t_K
 * and one negative n a row, all of unit length, and the logit scale s:
 *
 * - `Cont = (1/K) Σₖ ½ [CE(s·u·tₖᵀ) + CE(s·tₖ·uᵀ)]`: the positives of one image never compete;
 * - `S-Neg = (1/K) Σₖ meanᵢ CE([s·uᵢ·tₖᵢ, s·uᵢ·nᵢ], 0)`: own negative only;
 * - `Uni = meanᵢ ‖t₁ᵢ − t₂ᵢ‖²`;
 * - `total = contrastive·Cont + hardNegative·S-Neg + uniModal·Uni`.
 *
 * A row without a negative adds nothing to S-Neg, and to no denominator. The logged terms are
 * `contrastive`, `hardNegative` (separate only) and `uniModal`, without their weights.
 *
 * @throws {RangeError} if an option is unknown or out of range. `compute` throws a
 *   {@linkcode TypeError} if there are fewer than 2 positives or not exactly 1 negative a row.
 */
export function clicLoss(
  options: ClicLossOptions = {},
): Loss<"positive" | "negative"> {
  const checked = checkOptions("clicLoss", schema, options);
  return {
    name: "clicLoss",
    options: checked,
    needs: ["positive", "negative"],
    compute({ image, text, present, logitScale }: Embeddings<"positive" | "negative">) {
      checkCounts(text.positive, text.negative);
      const [batch, dim] = image.shape as [number, number];
      const logits = contrastiveLogits(image, text.positive, logitScale);
      const negative = reshape(text.negative, [batch, dim]);
      const negativePresent = cast(reshape(present.negative, [batch]), image.dtype);
      const uniModal = uniModalTerm(text.positive);
      const weighted = mul(uniModal, checked.uniModal);

      if (checked.denominator === "unified") {
        const absent = mul(sub(1, negativePresent), ABSENT);
        const negatives = add(mul(logitScale, matmul(image, transpose(negative))), absent);
        const toTexts = logAddExp(logits.toTexts, logSumExp(negatives, 1));
        const contrastive = symmetricContrastive({ ...logits, toTexts });
        return result(add(mul(contrastive, checked.contrastive), weighted), {
          contrastive,
          uniModal,
        });
      }
      const contrastive = symmetricContrastive(logits);
      const ownNegative = mul(logitScale, sum(mul(image, negative), [1]));
      const missed = sub(logAddExp(logits.own, ownNegative), logits.own);
      const hardNegative = mean(mul(missed, reshape(negativePresent, [batch, 1])));
      return result(
        add(
          add(mul(contrastive, checked.contrastive), mul(hardNegative, checked.hardNegative)),
          weighted,
        ),
        { contrastive, hardNegative, uniModal },
      );
    },
    with: (changes: JsonObject) => clicLoss({ ...checked, ...changes }),
  };
}

function result(total: Tensor, terms: LossResult["terms"]): LossResult {
  return { total, terms };
}

/** Mean squared distance of the first two positives: they say the same in another order. */
function uniModalTerm(positive: Tensor): Tensor {
  const first = slice(positive, { axis: 1, start: 0, end: 1 });
  const second = slice(positive, { axis: 1, start: 1, end: 2 });
  return mean(sum(square(sub(first, second)), [1, 2]));
}

/** log(eᵃ + eᵇ) of a `[batch, count]` and b `[batch]`. */
function logAddExp(a: Tensor, b: Tensor): Tensor {
  const [batch, count] = a.shape as [number, number];
  const wide = expand(reshape(b, [batch, 1, 1]), [batch, count, 1]);
  return logSumExp(concat([reshape(a, [batch, count, 1]), wide], 2), 2);
}

function checkCounts(positive: Tensor, negative: Tensor): void {
  if ((positive.shape[1] ?? 0) < 2 || negative.shape[1] !== 1) {
    throw new TypeError(
      `clicLoss: expected at least 2 positives and 1 negative a row, found ${
        showShape(positive.shape)
      } and ${showShape(negative.shape)}`,
    );
  }
}
