/**
 * C2LIP on SigLIP's ViT-B/16 (Samsung AI Center, "concept-centric CLIP", CVPR 2026); numbers from the
 * authors' `scripts/train_full_model_pkl_data.sh` (commit 9d02526), phrases by parts of speech in the
 * place of a language model's. The authors train on CC3M with DreamLIP's short captions. The third
 * term, with the weight 0.01, needs patches, which SigLIP's pooling by a query leaves none of to give.
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
import { c2lipLoss } from "../plugins/c2lip/loss.ts";
import { c2lipRows } from "../plugins/c2lip/rows.ts";
import { captions } from "../plugins/captions/captions.ts";
import { siglip } from "../plugins/clip/siglip.ts";

const recipe: Recipe = defineRecipe({
  name: "c2lip-vitb16",
  description: "C2LIP fine-tunes SigLIP's ViT-B/16 on captions and their noun phrases",
  model: siglip({ weights: "hf:timm/ViT-B-16-SigLIP", architecture: "ViT-B-16-SigLIP" }),
  // Any other captions take their place with `data.path=…`.
  data: captions({ path: "data/coco/annotations/captions_train2014.json", examples: "captions" }),
  objectives: [
    objective(
      "c2lip",
      c2lipRows({ crop: [0.9, 1] }),
      c2lipLoss({ preset: "paper", phrase: 1 }),
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
