import { z } from "zod";
import { add, mul } from "../../core/graph/elementwise.ts";
import { cast } from "../../core/graph/cast.ts";
import { l2Normalize } from "../../core/graph/composite.ts";
import { reshape } from "../../core/graph/linear.ts";
import { softmax } from "../../core/graph/softmax.ts";
import type { Tensor } from "../../core/graph/tensor.ts";
import { defineComponent } from "../../core/define_component.ts";
import type { Loss, LossContext, LossResult } from "../../core/loss.ts";
import {
  droppedLogits,
  type Duplicates,
  duplicatesOption,
  ownPlaces,
  ownTexts,
} from "../contrastive/duplicates.ts";
import { logitsOfAll } from "../contrastive/logits.ts";
import { pooledCosines } from "../contrastive/pooled_cosines.ts";
import { sigmoidPairs, sigmoidQuestions } from "../contrastive/sigmoid_contrastive.ts";
import { weightedTerms } from "../contrastive/weighted_terms.ts";

/** Options of {@linkcode c2lipLoss}. */
export interface C2lipLossOptions {
  /**
   * The value of `shared` where it is not given: `"paper"` (the default) has a phrase true of every
   * picture whose caption has it, `"released"` does as the authors' code does.
   */
  readonly preset?: "released" | "paper";
  /**
   * Which pictures a phrase is true of: all whose captions have it (`"same"`, paper), or that of its
   * own row alone, so that the same words of another row are wrong (`"own"`, released).
   */
  readonly shared?: "own" | "same";
  /** The weight of the term of phrases. Default 1. */
  readonly phrase?: number;
  /** What becomes of rows that are the same in the term of captions. Default `"keep"`. */
  readonly duplicates?: Duplicates;
}

const presets = { released: { shared: "own" }, paper: { shared: "same" } } as const;

// Weights of the authors' scripts/train_full_model_pkl_data.sh, at commit 9d02526.
const options = {
  preset: z.enum(["released", "paper"]).default("paper"),
  shared: z.enum(["own", "same"]),
  phrase: z.number().min(0).default(1),
  duplicates: duplicatesOption,
};

type Texts = "caption" | "phrase";
type Settings = Required<Omit<C2lipLossOptions, "preset">> & { readonly pooled?: number };

/**
 * C2LIP's loss (Samsung AI Center, "concept-centric CLIP", CVPR 2026) without pooled patches, for
 * models that were trained with a sigmoid: SigLIP's, whose pooling by a query leaves no patches to
 * give.
 *
 * - `contrastive`: SigLIP's loss of pictures and captions (`sigmoidContrastive`);
 * - `phrase`: the same question of all pictures and all noun phrases of the batch, by their number;
 * - `total = contrastive + phrase·phrase`, the weight times the term.
 *
 * There are no hard negatives. Phrases that are not there count nowhere.
 *
 * @throws {SettingsError} if an option is unknown or out of range.
 */
export const c2lipLoss: (
  options?: C2lipLossOptions,
) => Loss<"caption" | "phrase", never, "logitBias"> = defineComponent({
  name: "c2lipLoss",
  schema: z.strictObject(options),
  presets,
  make: (settings) => ({
    needs: ["caption", "phrase"],
    extras: ["logitBias"],
    compute: (context: LossContext<Texts, never, "logitBias">) =>
      conceptTerms(context, context.extra.logitBias, settings),
  }),
});

/**
 * C2LIP's loss with its third term, for models that give patches and have no bias, as CLIP's: the bias
 * is the loss's own parameter `bias`, and trained.
 *
 * - `contrastive` and `phrase`: as in {@linkcode c2lipLoss};
 * - `pooled`: the question of phrases again, of patches that each phrase has pooled by attention;
 * - `total = contrastive + phrase·phrase + pooled·pooled`, weights times terms.
 *
 * @param options.pooled The weight of the term of phrases and pooled patches. Default 0.01.
 * @param options.bias The bias at the start. Default −10, as SigLIP began with; for CLIP's logit
 *   scale of 100, about −25 has pairs that do not belong together begin with no.
 * @throws {SettingsError} if an option is unknown or out of range.
 */
export const c2lipPooledLoss: (
  options?: C2lipLossOptions & { readonly pooled?: number; readonly bias?: number },
) => Loss<"caption" | "phrase", never, "patches"> = defineComponent({
  name: "c2lipPooledLoss",
  schema: z.strictObject({
    ...options,
    pooled: z.number().min(0).default(0.01),
    bias: z.number().default(-10),
  }),
  presets,
  make: ({ bias, ...settings }) => ({
    needs: ["caption", "phrase"],
    extras: ["patches"],
    parameters: { bias: { shape: [], initial: () => Float32Array.of(bias) } },
    compute: (context: LossContext<Texts, never, "patches">) =>
      conceptTerms(context, context.parameters.bias!, settings, context.extra.patches),
  }),
});

function conceptTerms(
  { image, text, identity, present, logitScale }: Omit<LossContext<Texts>, "extra">,
  logitBias: Tensor,
  { shared, duplicates, ...weights }: Settings,
  patches?: Tensor,
): LossResult {
  const [batch, count, dim] = text.phrase.shape as [number, number, number];
  const added = droppedLogits(duplicates, identity, "caption");
  const pairs = { logitScale, logitBias, ...(added === undefined ? {} : { added }) };
  const phrases = reshape(identity.text.phrase, [batch * count]);
  const isTrue = shared === "own"
    ? ownPlaces(batch, count)
    : ownTexts(identity.text.phrase, phrases);
  const [positive, counted] = [isTrue, present.phrase].map((each) => cast(each, image.dtype));
  const ask = (logits: Tensor) => sigmoidQuestions(add(logits, logitBias), positive!, counted!);
  const pool = (patches: Tensor) => {
    const queries = reshape(text.phrase, [batch * count, dim]);
    return mul(logitScale, pooledCosines(l2Normalize(patches), queries, softmax));
  };
  const terms = {
    contrastive: sigmoidPairs(image, text.caption, pairs),
    phrase: ask(logitsOfAll(image, text.phrase, logitScale)),
    ...(patches === undefined ? {} : { pooled: ask(pool(patches)) }),
  };
  return weightedTerms<string>(terms, weights);
}
