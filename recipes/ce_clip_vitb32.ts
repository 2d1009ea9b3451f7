/**
 * CE-CLIP on OpenAI's ViT-B/32: "Contrasting Intra-Modal and Ranking Cross-Modal Hard Negatives to
 * Enhance Visio-Linguistic Compositional Understanding" (Zhang, Awal and Agrawal, CVPR 2024);
 * numbers from its released code, the loss as the paper has it, words for negatives from WordNet.
 *
 * The published results are of a language model's words, and of the released loss, which goes with
 * them. For these write the negatives ahead of training,
 *
 *     deno run -A main.ts write-negatives ce-clip-vitb32 data/ce_clip_negatives \
 *       --generator ce-clip-released
 *
 * and take `frozenNegatives({ path: "data/ce_clip_negatives" })` with
 * `ceClipLoss({ preset: "released" })` in a copy of this file.
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
import { ceClipLoss } from "../plugins/ce_clip/loss.ts";
import { ceClipNegatives } from "../plugins/ce_clip/negatives.ts";
import { clip } from "../plugins/clip/clip.ts";
import { captionNegatives } from "../plugins/contrastive/caption_negatives.ts";

const recipe: Recipe = defineRecipe({
  name: "ce-clip-vitb32",
  description: "CE-CLIP fine-tunes OpenAI's ViT-B/32 on COCO with ranked negatives of four kinds",
  // OpenAI's weights need QuickGELU; GELU costs about 5 points of ImageNet and says nothing.
  model: clip({
    weights: "hf:timm/vit_base_patch32_clip_224.openai/open_clip_model.safetensors",
    architecture: "ViT-B-32-quickgelu",
  }),
  // Any other captions take their place with `data.path=…`.
  data: captions({
    // Its pictures are found in data/coco/train2014.
    path: "data/coco/annotations/captions_train2014.json",
    // An epoch is once through all captions, as in the released code, which has the rank loss begin
    // with thresholds of 0 in every epoch.
    examples: "captions",
  }),
  objectives: [
    objective(
      "ce-clip",
      captionNegatives({
        // Made anew in every epoch, with WordNet, which needs no download.
        negatives: ceClipNegatives({ preset: "strict" }),
        // open_clip's crop.
        crop: [0.9, 1],
      }),
      // Strict negatives lack more than a fifth of their slots (no third noun, no adjective, no
      // verb). The released loss would keep these, the same text over and over, in every denominator,
      // and could not drop them: its intra-modal term's target is the batch's first negative.
      ceClipLoss({ preset: "strict", invalidNegatives: "drop", cmr: 0.2, imc: 0.3 }),
    ),
  ],
  // All weights are trained.
  optimizer: adamw({ lr: 5e-6, betas: [0.9, 0.98], eps: 1e-6, weightDecay: 0.1 }),
  // 50 steps up, then a cosine down to 0.
  schedule: warmupCosine({ warmup: 50 }),
  // Two GPUs with 128 each; gradients of large batches are exact here, in chunks.
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
