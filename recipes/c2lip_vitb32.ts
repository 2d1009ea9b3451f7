/**
 * C2LIP's loss on OpenAI's ViT-B/32, which the paper does not train: CLIP has no bias, so that the loss
 * brings its own, and gives the patches that the third term pools. Numbers are those of the authors'
 * SigLIP (`c2lip-vitb16`), the bias at the start ours.
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
import { c2lipPooledLoss } from "../plugins/c2lip/loss.ts";
import { c2lipRows } from "../plugins/c2lip/rows.ts";
import { captions } from "../plugins/captions/captions.ts";
import { clip } from "../plugins/clip/clip.ts";

const recipe: Recipe = defineRecipe({
  name: "c2lip-vitb32",
  description: "C2LIP's loss with pooled patches fine-tunes OpenAI's ViT-B/32",
  // OpenAI's weights need QuickGELU; GELU costs about 5 points of ImageNet and says nothing.
  model: clip({
    weights: "hf:timm/vit_base_patch32_clip_224.openai/open_clip_model.safetensors",
    architecture: "ViT-B-32-quickgelu",
  }),
  // Any other captions take their place with `data.path=…`.
  data: captions({ path: "data/coco/annotations/captions_train2014.json", examples: "captions" }),
  objectives: [
    objective(
      "c2lip",
      c2lipRows({ crop: [0.9, 1] }),
      c2lipPooledLoss({ preset: "paper", phrase: 1, pooled: 0.01, bias: -25 }),
    ),
  ],
  optimizer: adamw({ lr: 1e-5, betas: [0.9, 0.98], eps: 1e-6, weightDecay: 0.1 }),
  schedule: warmupCosine({ warmup: 50 }),
  // Eight GPUs with 96 each.
  batch: 768,
  epochs: 5,
  chunk: 32,
  seed: 42,
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
