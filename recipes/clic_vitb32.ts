/**
 * CLIC on OpenAI's ViT-B/32: "Advancing Compositional Awareness in CLIP with Efficient Fine-Tuning"
 * (Peleg, Singh and Hein, arXiv 2505.24424); numbers from its released code.
 *
 * Its data: the table of https://huggingface.co/datasets/nmndeep/CLIC-CogVLM-relabelled-Laion at the
 * path below, and its pictures beside it, which the command `download-images <table> <folder>`
 * fetches. Or give it captions of your own with `data.path=…`: a table of pictures, each with a first
 * sentence and further ones, or any other form that `captions` reads.
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
import { clic } from "../plugins/clic/clic.ts";
import { clip } from "../plugins/clip/clip.ts";
import { contrastive } from "../plugins/contrastive/contrastive.ts";
import { singleCaption } from "../plugins/contrastive/single_caption.ts";

const recipe: Recipe = defineRecipe({
  name: "clic-vitb32",
  description: "CLIC fine-tunes the text side of OpenAI's ViT-B/32 on pairs of pictures",
  model: clip({
    weights: "hf:timm/vit_base_patch32_clip_224.openai/open_clip_model.safetensors",
    architecture: "ViT-B-32-quickgelu",
  }),
  // 1 M pictures of LAION with CogVLM's descriptions. The paper's other choice is PixelProse RedCaps:
  // captions({ path: "data/redcaps/vlm_captions_redcaps_*.parquet", split: "released" }).
  data: captions({ path: "data/laion_cogvlm/CLIC-CogVLM-relabelled-Laion.csv" }),
  // Steps alternate strictly, pairs first.
  objectives: [
    clic({ preset: "released" }),
    objective("contrastive", singleCaption(), contrastive()),
  ],
  // Only the image tower stays as it is; the logit scale is trained too.
  frozen: ["image"],
  optimizer: adamw({ lr: 1e-6, betas: [0.9, 0.98], eps: 1e-8, weightDecay: 0.1 }),
  // From 1e-7 to 1e-6 over the first fifth, then down to 1e-8.
  schedule: warmupCosine({ warmup: 0.2, start: 0.1, end: 0.01 }),
  // Four GPUs with 200 each; gradients of large batches are exact here, in chunks.
  batch: 800,
  epochs: 1,
  chunk: 64,
  seed: 0,
  checkpointEvery: 100,
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
