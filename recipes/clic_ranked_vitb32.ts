/**
 * CLIC's pairs of pictures with CE-CLIP's ranking and CLoVe's patching on OpenAI's ViT-B/32: what no
 * paper has, made of the parts of three.
 *
 * Give it captions with `data.path=…`: a table of image, first sentence, further sentences, or any
 * other form that `captions` reads.
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
import { clic } from "../plugins/clic/clic.ts";
import { clicPairs } from "../plugins/clic/pairs.ts";
import { clip } from "../plugins/clip/clip.ts";
import { contrastive } from "../plugins/contrastive/contrastive.ts";
import { singleCaption } from "../plugins/contrastive/single_caption.ts";
import { patch } from "../plugins/patching/patch.ts";

const recipe: Recipe = defineRecipe({
  name: "clic-ranked-vitb32",
  description: "CLIC's pairs with CE-CLIP's ranked negatives and patching, on OpenAI's ViT-B/32",
  model: clip({
    weights: "hf:timm/vit_base_patch32_clip_224.openai/open_clip_model.safetensors",
    architecture: "ViT-B-32-quickgelu",
  }),
  data: captions({ path: "data/captions.csv" }),
  objectives: [
    // CLIC's own loss is alone in holding two orders of the same sentences together.
    clic({ preset: "strict" }),
    // Four different swaps of a pair, each to stay below the caption by as much as swaps of the
    // step before did. All four are of one kind, so their thresholds will be much the same.
    objective(
      "ranked",
      clicPairs({ preset: "strict", negatives: 4 }),
      ceClipLoss({ cmr: 0.2, imc: 0.3 }),
    ),
    // Single pictures keep what CLIP knows of them.
    objective("contrastive", singleCaption(), contrastive()),
  ],
  // As in CLIC: only the image tower stays as it is.
  frozen: ["image"],
  optimizer: adamw({ lr: 1e-6, betas: [0.9, 0.98], eps: 1e-8, weightDecay: 0.1 }),
  schedule: warmupCosine({ warmup: 0.2, start: 0.1, end: 0.01 }),
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
  // CLoVe's choice for fine-tunes of all weights.
  after: [patch({ alpha: 0.6 })],
});

export default recipe;
