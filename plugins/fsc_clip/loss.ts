import { z } from "zod";
import { add, mul } from "../../core/graph/elementwise.ts";
import { cast } from "../../core/graph/cast.ts";
import { greater } from "../../core/graph/comparison.ts";
import { sum } from "../../core/graph/linear.ts";
import type { Tensor } from "../../core/graph/tensor.ts";
import { defineComponent } from "../../core/define_component.ts";
import type { Loss, LossContext, LossResult } from "../../core/loss.ts";
import { contrastive } from "../contrastive/contrastive.ts";
import { countedMean } from "../contrastive/counted_contrast.ts";
import { type Duplicates, duplicatesOption } from "../contrastive/duplicates.ts";
import { logitsOfOwn } from "../contrastive/logits.ts";
import { ownChoice } from "../contrastive/own_choice.ts";
import { weightedTerms } from "../contrastive/weighted_terms.ts";
import { localScores } from "./local_scores.ts";

/** Options of {@linkcode fscClipGlobalLoss}. */
export interface FscClipGlobalLossOptions {
  /**
   * The value of `missing` where it is not given: `"paper"` (the default) leaves negatives that are
   * not there out, `"released"` does as the authors' code does.
   */
  readonly preset?: "released" | "paper";
  /** The weight of the global loss. Default 0.5. */
  readonly global?: number;
  /** γ of the focal loss. Default 2. */
  readonly gamma?: number;
  /** How much of the label is spread over caption and negatives. Default 0.02. */
  readonly smoothing?: number;
  /**
   * Whether a negative that is not there has the score 0 in the choice (`"zero"`, released), or is
   * none of its answers (`"drop"`, paper).
   */
  readonly missing?: "zero" | "drop";
  /** What becomes of rows that are the same in the contrastive term. Default `"keep"`. */
  readonly duplicates?: Duplicates;
}

const presets = { released: { missing: "zero" }, paper: { missing: "drop" } } as const;

// The numbers are those of the authors' commands for COCO (their README, at commit 604015d).
const globalOptions = {
  preset: z.enum(["released", "paper"]).default("paper"),
  global: z.number().min(0).default(0.5),
  // Below 1 the gradient has no limit where a choice is sure.
  gamma: z.number().min(1).default(2),
  smoothing: z.number().min(0).max(1).default(0.02),
  missing: z.enum(["zero", "drop"]),
  duplicates: duplicatesOption,
};

type Texts = "caption" | "negative";
type GlobalSettings = Required<Omit<FscClipGlobalLossOptions, "preset">>;

/**
 * FSC-CLIP's loss without its local half, for models that give no patches or no tokens: see
 * {@linkcode fscClipLoss}.
 *
 * @throws {SettingsError} if an option is unknown or out of range.
 */
export const fscClipGlobalLoss: (
  options?: FscClipGlobalLossOptions,
) => Loss<"caption" | "negative"> = defineComponent({
  name: "fscClipGlobalLoss",
  schema: z.strictObject(globalOptions),
  presets,
  make: (settings) => ({
    needs: ["caption", "negative"],
    compute: (context: LossContext<Texts>) => globalHalf(context, settings),
  }),
});

/**
 * FSC-CLIP's loss (Oh, Cho, Kim, Kweon and Kim, EMNLP 2024), for images u, captions t and as many
 * negatives n a row as there are slots:
 *
 * - `contrastive`: CLIP's, which knows no negatives;
 * - `global`: each image's choice among its own caption and negatives by `s·u·t` ({@linkcode
 *   ownChoice}), the mean over the rows that have a negative;
 * - `local`: the same by scores of tokens and patches ({@linkcode localScores});
 * - `total = contrastive + global·global + local·local`, weights times terms.
 *
 * @param options.local The weight of the local loss. Default 0.2; the authors take 0.5 for ViT-B/16
 *   and L/14.
 * @throws {SettingsError} if an option is unknown or out of range.
 */
export const fscClipLoss: (
  options?: FscClipGlobalLossOptions & { readonly local?: number },
) => Loss<"caption" | "negative", never, "patches" | "tokens"> = defineComponent({
  name: "fscClipLoss",
  schema: z.strictObject({ ...globalOptions, local: z.number().min(0).default(0.2) }),
  presets,
  make: ({ local: weight, ...settings }) => ({
    needs: ["caption", "negative"],
    extras: ["patches", "tokens"],
    compute(context: LossContext<Texts, never, "patches" | "tokens">): LossResult {
      const { extra: { patches, tokens }, logitScale, ...rest } = context;
      const plain = { ...rest, logitScale, extra: {} };
      const { total, terms } = globalHalf(plain, settings);
      const scores = (group: Texts) => localScores(patches, tokens[group], logitScale);
      const local = focalChoice(scores, plain, settings);
      return { total: add(total, mul(local, weight)), terms: { ...terms, local } };
    },
  }),
});

function globalHalf(context: LossContext<Texts>, settings: GlobalSettings): LossResult {
  const { image, text, logitScale } = context;
  const contrast = contrastive({ duplicates: settings.duplicates }).compute(context).total;
  const scores = (group: Texts) => logitsOfOwn(image, text[group], logitScale);
  const global = focalChoice(scores, context, settings);
  return weightedTerms({ contrastive: contrast, global }, settings);
}

/** The mean choice of the rows that have a negative. */
function focalChoice(
  scores: (group: Texts) => Tensor,
  { image, present }: LossContext<Texts>,
  settings: GlobalSettings,
): Tensor {
  const there = cast(present.negative, image.dtype);
  const choices = ownChoice(scores("caption"), scores("negative"), there, settings);
  return countedMean(choices, cast(greater(sum(there, [1]), 0), image.dtype));
}
