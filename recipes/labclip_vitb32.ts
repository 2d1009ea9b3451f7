/**
 * LABCLIP on OpenAI's ViT-B/32: "CLIP Behaves like a Bag-of-Words Model Cross-modally but not
 * Uni-modally" (Koishigarina, Uselis and Oh, ICLR 2026). Both towers stay as they are; a matrix on
 * text embeddings learns which words belong together, and becomes part of the model at the end.
 *
 * Every picture and text is embedded once, which takes as long as an evaluation of them; what comes
 * after takes minutes on two cores (docs/results.md). It needs COCO's train2014 pictures and captions:
 * https://cocodataset.org/#download. The numbers are those of its authors' code for COCO
 * (kdariina/CLIP-not-BoW-unimodally, `alignment/coco_alignment.py` at d3ecb18), which trains on
 * Karpathy's larger split (113,000 pictures).
 *
 * @module
 */
import { defineRecipe } from "../core/define_recipe.ts";
import { objective } from "../core/objective.ts";
import type { Recipe } from "../core/recipe.ts";
import { adamw } from "../core/training/optimizers/adamw.ts";
import { constant } from "../core/training/optimizers/constant.ts";
import { zeroShotImageNet } from "../plugins/benchmarks/classification/zero_shot_sets.ts";
import { cocoRetrieval } from "../plugins/benchmarks/retrieval/karpathy_retrieval.ts";
import { sugarCrepe } from "../plugins/benchmarks/suites/sugar_crepe.ts";
import { sugarCrepePp } from "../plugins/benchmarks/suites/sugar_crepe_pp.ts";
import { captions } from "../plugins/captions/captions.ts";
import { clip } from "../plugins/clip/clip.ts";
import { captionNegatives } from "../plugins/contrastive/caption_negatives.ts";
import { foldMatrix } from "../plugins/labclip/fold_matrix.ts";
import { labclipLoss } from "../plugins/labclip/loss.ts";
import { labclipNegatives } from "../plugins/labclip/negatives.ts";
import { onEmbeddings } from "../plugins/labclip/on_embeddings.ts";

const recipe: Recipe = defineRecipe({
  name: "labclip-vitb32",
  description: "LABCLIP trains a matrix on the text embeddings of OpenAI's ViT-B/32",
  // OpenAI's weights need QuickGELU; GELU costs about 5 points of ImageNet and says nothing.
  model: clip({
    weights: "hf:timm/vit_base_patch32_clip_224.openai/open_clip_model.safetensors",
    architecture: "ViT-B-32-quickgelu",
  }),
  // Any other captions take their place with `data.path=…`.
  data: captions({
    path: "data/coco/annotations/captions_train2014.json",
    examples: "captions",
  }),
  objectives: [
    objective(
      "labclip",
      onEmbeddings({ composer: captionNegatives({ negatives: labclipNegatives() }) }),
      // A scale of its own, which begins at 1.
      labclipLoss({ scale: "own" }),
    ),
  ],
  // The matrix and that scale alone.
  trained: ["loss"],
  // PyTorch's Adam: its betas and epsilon, no decay.
  optimizer: adamw({ lr: 1e-3, betas: [0.9, 0.999], eps: 1e-8, weightDecay: 0 }),
  schedule: constant(),
  batch: 1024,
  epochs: 10,
  chunk: 64,
  seed: 0,
  checkpointEvery: 2000,
  after: [foldMatrix()],
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
