/**
 * NegCLIP on OpenAI's ViT-B/32: "When and why vision-language models behave like bags-of-words, and
 * what to do about it?" (Yuksekgonul, Bianchi, Kalluri, Jurafsky and Zou, ICLR 2023), the baseline
 * that compositional fine-tuning is compared with.
 *
 * It needs COCO's train2014 pictures and captions: https://cocodataset.org/#download.
 *
 * @module
 */
import { defineRecipe } from "../core/define_recipe.ts";
import { objective } from "../core/objective.ts";
import type { Recipe } from "../core/recipe.ts";
import { adamw } from "../core/training/optimizers/adamw.ts";
import { warmupCosine } from "../core/training/optimizers/warmup_cosine.ts";
import { zeroShotImageNet } from "../plugins/benchmarks/classification/zero_shot_sets.ts";
import { cocoRetrieval } from "../plugins/benchmarks/retrieval/karpathy_retrieval.ts";
import { sugarCrepe } from "../plugins/benchmarks/suites/sugar_crepe.ts";
import { sugarCrepePp } from "../plugins/benchmarks/suites/sugar_crepe_pp.ts";
import { captions } from "../plugins/captions/captions.ts";
import { clip } from "../plugins/clip/clip.ts";
import { hardNegativeContrastive } from "../plugins/contrastive/hard_negative_contrastive.ts";
import { negclipRows } from "../plugins/negclip/rows.ts";
import { negclipSwaps } from "../plugins/negclip/swaps.ts";

const recipe: Recipe = defineRecipe({
  name: "negclip-vitb32",
  description: "NegCLIP fine-tunes OpenAI's ViT-B/32 on COCO with swapped captions and look-alikes",
  // OpenAI's weights need QuickGELU; GELU costs about 5 points of ImageNet and says nothing.
  model: clip({
    weights: "hf:timm/vit_base_patch32_clip_224.openai/open_clip_model.safetensors",
    architecture: "ViT-B-32-quickgelu",
  }),
  // Any other captions take their place with `data.path=…`.
  data: captions({
    // Its pictures are found in data/coco/train2014.
    path: "data/coco/annotations/captions_train2014.json",
    // An epoch is once through all captions, as in the released code.
    examples: "captions",
  }),
  objectives: [
    objective(
      "negclip",
      negclipRows({
        // Swaps as in the published negatives, those included that leave the meaning as it was.
        negatives: negclipSwaps({ preset: "released" }),
        neighbours: 3,
        // open_clip's crop.
        crop: [0.9, 1],
        // Every picture is embedded once for its neighbours; later runs read them here.
        cache: "data/neighbours",
      }),
      hardNegativeContrastive(),
    ),
  ],
  // All weights are trained. 1e-6 is the best of the three rates that the paper tried (1e-5, 5e-6
  // and 1e-6); betas, epsilon and weight decay are open_clip's own, which the authors left alone.
  optimizer: adamw({ lr: 1e-6, betas: [0.9, 0.98], eps: 1e-6, weightDecay: 0.2 }),
  // 50 steps up, then a cosine down to 0.
  schedule: warmupCosine({ warmup: 50 }),
  // Examples: with their neighbours 512 pictures, with the swaps 1024 texts.
  batch: 256,
  epochs: 5,
  chunk: 64,
  seed: 0,
  checkpointEvery: 500,
  // Before and after: what is gained, and what is forgotten. COCO's pictures are free, ImageNet's are
  // asked for; without them `evaluators=["sugarCrepe","sugarCrepePp"]`, or `evaluators=[]`.
  evaluators: [
    sugarCrepe({ images: "data/coco/val2017" }),
    sugarCrepePp({ images: "data/coco/val2017" }),
    cocoRetrieval({ images: "data/coco/val2014" }),
    zeroShotImageNet({ images: "data/imagenet/val" }),
  ],
});

export default recipe;
