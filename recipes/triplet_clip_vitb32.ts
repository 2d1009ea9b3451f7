/**
 * TripletCLIP on OpenAI's ViT-B/32: "TripletCLIP: Improving Compositional Reasoning of CLIP via
 * Synthetic Vision-Language Negatives" (Patel et al., NeurIPS 2024).
 *
 * The authors have a language model write the negative captions and a diffusion model draw the
 * pictures of these; their data has shards whose members are `image`, `caption`, `neg_image` and
 * `neg_caption`, and they publish no settings for fine-tuning, only a checkpoint. What is set here is
 * NegCLIP's and CE-CLIP's.
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
import { tripletClipLoss } from "../plugins/triplet_clip/loss.ts";
import { tripletClipRows } from "../plugins/triplet_clip/rows.ts";
import { tripletData } from "../plugins/triplet_clip/triplet_data.ts";

const table = "data/triplets/triplets.csv";

const recipe: Recipe = defineRecipe({
  name: "triplet-clip-vitb32",
  description: "TripletCLIP fine-tunes OpenAI's ViT-B/32 on pictures with negative pictures",
  // OpenAI's weights need QuickGELU; GELU costs about 5 points of ImageNet and says nothing.
  model: clip({
    weights: "hf:timm/vit_base_patch32_clip_224.openai/open_clip_model.safetensors",
    architecture: "ViT-B-32-quickgelu",
  }),
  // A table with four columns, in any of the forms that `captions` reads.
  data: tripletData({
    examples: captions({ path: table, columns: { image: "image", captions: ["caption"] } }),
    negatives: captions({
      path: table,
      columns: { image: "neg_image", captions: ["neg_caption"] },
    }),
  }),
  objectives: [objective("triplet-clip", tripletClipRows({ crop: [0.9, 1] }), tripletClipLoss())],
  optimizer: adamw({ lr: 1e-6, betas: [0.9, 0.98], eps: 1e-6, weightDecay: 0.1 }),
  schedule: warmupCosine({ warmup: 50 }),
  // 512 pictures and as many texts.
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
