/**
 * DeGLA on OpenAI's ViT-B/32: "Decoupled Global-Local Alignment for Improving Compositional
 * Understanding" (Hu et al., ACM MM 2025); numbers from the authors' `scripts/train_DeGLA.sh` (commit
 * 1c5e960), negatives by rule in the place of a language model's, the text-grounded contrast with a
 * caption's own ones.
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
import { deglaLoss } from "../plugins/degla/loss.ts";
import { deglaNegatives } from "../plugins/degla/negatives.ts";

const recipe: Recipe = defineRecipe({
  name: "degla-vitb32",
  description: "DeGLA fine-tunes OpenAI's ViT-B/32 on COCO beside its own running average",
  // OpenAI's weights need QuickGELU; GELU costs about 5 points of ImageNet and says nothing.
  model: clip({
    weights: "hf:timm/vit_base_patch32_clip_224.openai/open_clip_model.safetensors",
    architecture: "ViT-B-32-quickgelu",
  }),
  // Any other captions take their place with `data.path=…`.
  data: captions({ path: "data/coco/annotations/captions_train2014.json", examples: "captions" }),
  objectives: [
    objective(
      "degla",
      captionNegatives({ negatives: deglaNegatives({ count: 4 }), crop: [0.9, 1] }),
      deglaLoss({
        preset: "paper",
        textGrounded: 0.1,
        imageGrounded: 0.1,
        // A sum over the batch: another batch needs another weight.
        distillation: 0.005,
      }),
    ),
  ],
  // The teacher.
  average: { decay: 0.9996 },
  optimizer: adamw({ lr: 1e-6, betas: [0.9, 0.98], eps: 1e-6, weightDecay: 0.1 }),
  // 50 steps up, then a cosine down to 0.
  schedule: warmupCosine({ warmup: 50 }),
  // Eight GPUs with 32 each.
  batch: 256,
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
