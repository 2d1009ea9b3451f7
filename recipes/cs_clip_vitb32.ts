/**
 * CS-CLIP on OpenAI's ViT-B/32: "Half-Truths Break Similarity-Based Retrieval" (arXiv 2602.23906);
 * numbers from the authors' configs (commit 98b40c0), units and foils by parts of speech and WordNet.
 * With the authors' file: `objectives.cs-clip.composer.units=data/units.json`.
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
import { csClipLoss } from "../plugins/cs_clip/loss.ts";
import { csClipRows } from "../plugins/cs_clip/rows.ts";

const recipe: Recipe = defineRecipe({
  name: "cs-clip-vitb32",
  description: "CS-CLIP fine-tunes OpenAI's ViT-B/32 on COCO with parts of captions",
  // OpenAI's weights need QuickGELU; GELU costs about 5 points of ImageNet and says nothing.
  model: clip({
    weights: "hf:timm/vit_base_patch32_clip_224.openai/open_clip_model.safetensors",
    architecture: "ViT-B-32-quickgelu",
  }),
  // Any other captions take their place with `data.path=…`.
  data: captions({ path: "data/coco/annotations/captions_train2014.json", examples: "captions" }),
  objectives: [
    objective("cs-clip", csClipRows({ count: 2 }), csClipLoss({ preset: "paper", units: 0.5 })),
  ],
  optimizer: adamw({ lr: 5e-6, betas: [0.9, 0.98], eps: 1e-6, weightDecay: 0.01 }),
  // Three of the five epochs up from a tenth, then a cosine down to a hundredth.
  schedule: warmupCosine({ warmup: 0.6, start: 0.1, end: 0.01 }),
  batch: 128,
  epochs: 5,
  chunk: 64,
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
