/**
 * FSC-CLIP on OpenAI's ViT-B/32: "Preserving Multi-Modal Capabilities of Pre-trained VLMs for
 * Improving Vision-Linguistic Compositionality" (Oh, Cho, Kim, Kweon and Kim, EMNLP 2024); numbers
 * from the authors' command for COCO.
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
import { captionNegatives } from "../plugins/contrastive/caption_negatives.ts";
import { fscClipLoss } from "../plugins/fsc_clip/loss.ts";
import { fscClipNegatives } from "../plugins/fsc_clip/negatives.ts";

const recipe: Recipe = defineRecipe({
  name: "fsc-clip-vitb32",
  description: "FSC-CLIP fine-tunes OpenAI's ViT-B/32 on COCO with negatives that it selects",
  // OpenAI's weights need QuickGELU; GELU costs about 5 points of ImageNet and says nothing.
  model: clip({
    weights: "hf:timm/vit_base_patch32_clip_224.openai/open_clip_model.safetensors",
    architecture: "ViT-B-32-quickgelu",
  }),
  // The authors train on 100,000 pairs. Any other captions take their place with `data.path=…`.
  data: captions({ path: "data/coco/annotations/captions_train2014.json", examples: "captions" }),
  objectives: [
    objective(
      "fsc-clip",
      // Made anew each time a caption is read; open_clip's crop.
      captionNegatives({ negatives: fscClipNegatives(), crop: [0.9, 1] }),
      fscClipLoss({ preset: "released", global: 0.5, local: 0.2, gamma: 2, smoothing: 0.02 }),
    ),
  ],
  // All weights are trained; betas and epsilon are open_clip's own.
  optimizer: adamw({ lr: 5e-6, betas: [0.9, 0.98], eps: 1e-6, weightDecay: 0.1 }),
  // 50 steps up, then a cosine down to 0.
  schedule: warmupCosine({ warmup: 50 }),
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
