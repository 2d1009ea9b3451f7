/**
 * An exported sentence encoder learns from COCO's captions: two captions of a picture are near, what the
 * project's negatives make of one of them is not. Evaluated on the text side of SugarCrepe++.
 *
 *     WEIGHTS=<folder with text_model.onnx and its tokenizer> \
 *     CAPTIONS=<Karpathy's split of COCO> SUGARCREPE_PP=<its folder> \
 *     deno task recipe scripts/paraphrases/recipe.ts
 *
 * `ITEMS` is another folder than `SUGARCREPE_PP` for a part of the items.
 *
 * Pictures of SugarCrepe++ are among COCO's; their captions are left out.
 */
import { z } from "zod";
import { defineComponent } from "../../core/define_component.ts";
import { defineRecipe } from "../../core/define_recipe.ts";
import { constant } from "../../core/graph/node.ts";
import { expand, reshape } from "../../core/graph/linear.ts";
import type { Loss, LossContext } from "../../core/loss.ts";
import type { ModelSource } from "../../core/model.ts";
import { objective } from "../../core/objective.ts";
import type { Recipe } from "../../core/recipe.ts";
import { adamw } from "../../core/training/optimizers/adamw.ts";
import { warmupCosine } from "../../core/training/optimizers/warmup_cosine.ts";
import { sugarCrepePp } from "../../plugins/benchmarks/suites/sugar_crepe_pp.ts";
import { hardNegativeContrastive } from "../../plugins/contrastive/hard_negative_contrastive.ts";
import { onnxModel } from "../../plugins/onnx/onnx_model.ts";
import { captionPairs, cocoCaptions } from "./caption_pairs.ts";

const setting = (name: string): string => {
  const value = Deno.env.get(name);
  if (value !== undefined) return value;
  throw new RangeError(`${name}: expected a path, found nothing`);
};

/** An exported text tower; pictures, of which there are none, are all the same. */
const textModel: (options: { readonly folder: string }) => ModelSource = defineComponent({
  name: "textModel",
  schema: z.strictObject({ folder: z.string() }),
  make: ({ folder }) => {
    const source = onnxModel({
      text: `${folder}/text_model.onnx`,
      textGraph: { output: "last_hidden_state", pooling: "mean" },
      contextLength: 64,
      // Sentence transformers are trained with similarities times 20.
      logitScale: 20,
    });
    return {
      load: async (context) => {
        const model = await source.load(context);
        const { dim } = model;
        return {
          ...model,
          image: {
            size: 1,
            encode: ({ shape: [batch] }) => expand(constant([1], []), [batch!, dim]),
          },
        };
      },
      generate: (seed) => source.generate(seed),
    };
  },
});

const base = hardNegativeContrastive();

/** The loss of NegCLIP with another caption in the place of the picture. */
const paraphraseLoss: () => Loss<"caption" | "negative" | "paraphrase"> = defineComponent({
  name: "paraphraseLoss",
  schema: z.strictObject({}),
  make: () => ({
    needs: ["caption", "negative", "paraphrase"],
    compute: (context: LossContext<"caption" | "negative" | "paraphrase">) => {
      const { paraphrase } = context.text;
      const [batch, , dim] = paraphrase.shape as [number, number, number];
      return base.compute({ ...context, image: reshape(paraphrase, [batch, dim]) });
    },
  }),
});

const recipe: Recipe = defineRecipe({
  name: "paraphrases",
  description: "An exported sentence encoder, fine-tuned on captions of COCO and hard negatives",
  model: textModel({ folder: setting("WEIGHTS") }),
  data: cocoCaptions({ path: setting("CAPTIONS"), without: setting("SUGARCREPE_PP") }),
  objectives: [objective("paraphrases", captionPairs(), paraphraseLoss())],
  // The table of words is half of all numbers, and few of them are seen.
  frozen: ["logit_scale", "*embeddings*"],
  optimizer: adamw({ lr: 5e-5, weightDecay: 0.01 }),
  schedule: warmupCosine({ warmup: 0.1, end: 0.1 }),
  batch: 24,
  steps: 40,
  chunk: 128,
  seed: 0,
  evaluators: [
    sugarCrepePp({
      annotations: Deno.env.get("ITEMS") ?? setting("SUGARCREPE_PP"),
      textOnly: true,
      partial: true,
    }),
  ],
});

export default recipe;
