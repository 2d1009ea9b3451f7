/**
 * CoN-CLIP on OpenAI's ViT-B/32: "Learning the Power of 'No': Foundation Models with Negations" (Singh
 * et al., WACV 2025); numbers from the authors' `setup_args` and `run_finetuning.sh` (commit 5033881),
 * captions denied by rule and distractors of the same data in the place of CC-Neg's.
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
import { conClipLoss } from "../plugins/con_clip/loss.ts";
import { conClipRows } from "../plugins/con_clip/rows.ts";

const recipe: Recipe = defineRecipe({
  name: "con-clip-vitb32",
  description: "CoN-CLIP fine-tunes the text side of OpenAI's ViT-B/32 on captions that deny",
  // OpenAI's weights need QuickGELU; GELU costs about 5 points of ImageNet and says nothing.
  model: clip({
    weights: "hf:timm/vit_base_patch32_clip_224.openai/open_clip_model.safetensors",
    architecture: "ViT-B-32-quickgelu",
  }),
  // Any other captions take their place with `data.path=…`.
  data: captions({ path: "data/coco/annotations/captions_train2014.json", examples: "captions" }),
  objectives: [objective("con-clip", conClipRows(), conClipLoss())],
  // The image tower is locked.
  frozen: ["image"],
  // PyTorch's betas and epsilon.
  optimizer: adamw({ lr: 1e-6, betas: [0.9, 0.999], eps: 1e-8, weightDecay: 0.2 }),
  schedule: warmupCosine({ warmup: 50 }),
  batch: 200,
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
