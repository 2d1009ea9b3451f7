/**
 * CLIP + NegFull on OpenAI's ViT-B/32: "Vision-Language Models Do Not Understand Negation" (Alhamoud
 * et al., CVPR 2025); numbers from the authors' code (m1k2zoo/negbench, commit 2ac009b), denials and
 * questions made by rule of COCO's captions in the place of CC12M-NegFull's.
 *
 * It needs COCO's train2014 pictures and captions: https://cocodataset.org/#download. CC12M-NegFull,
 * which the authors publish the scripts of, is read by `data: negFullTables({ … })`.
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
import { negFullLoss } from "../plugins/negbench/loss.ts";
import { negFullRows } from "../plugins/negbench/rows.ts";

const recipe: Recipe = defineRecipe({
  name: "negfull-vitb32",
  description: "CLIP + NegFull fine-tunes OpenAI's ViT-B/32 on denials and questions",
  // OpenAI's weights need QuickGELU; GELU costs about 5 points of ImageNet and says nothing.
  model: clip({
    weights: "hf:timm/vit_base_patch32_clip_224.openai/open_clip_model.safetensors",
    architecture: "ViT-B-32-quickgelu",
  }),
  // Any other captions take their place with `data.path=…`.
  data: captions({ path: "data/coco/annotations/captions_train2014.json", examples: "captions" }),
  objectives: [
    // open_clip's crop, which the authors left alone.
    objective("negfull", negFullRows({ crop: [0.9, 1] }), negFullLoss()),
  ],
  // All weights are trained. Betas, epsilon and weight decay are open_clip's own, as the authors'
  // `params.py` has them. Their rate of 1e-8 (in their checkpoints' names) goes with CC12M's ten
  // million pictures; here it would move no weight by more than 1.7e-5 an epoch, so the rate is
  // NegCLIP's, whose data this is.
  optimizer: adamw({ lr: 1e-6, betas: [0.9, 0.98], eps: 1e-6, weightDecay: 0.2 }),
  // Warmup, batch and epochs are told nowhere: NegCLIP's too.
  schedule: warmupCosine({ warmup: 50 }),
  batch: 256,
  epochs: 5,
  chunk: 64,
  seed: 0,
  checkpointEvery: 500,
  // Before and after: what is gained, and what is forgotten. COCO's pictures are free, ImageNet's are
  // asked for; without them `evaluators=["sugarCrepe","sugarCrepePp"]`, or `evaluators=[]`. Negation
  // itself is measured by `negbenchMcq`, whose tables have to be fetched by hand.
  evaluators: [
    sugarCrepe({ images: "data/coco/val2017" }),
    sugarCrepePp({ images: "data/coco/val2017" }),
    cocoRetrieval({ images: "data/coco/val2014" }),
    zeroShotImageNet({ images: "data/imagenet/val" }),
  ],
});

export default recipe;
