/**
 * READ-CLIP on OpenAI's ViT-B/32: "Enhancing Compositional Reasoning in CLIP via Reconstruction and
 * Alignment of Text Descriptions" (Kwon et al., NeurIPS 2025); numbers from the authors'
 * `config/train_read_clip.yaml` (commit b2f096c). Paraphrases are other captions of the picture.
 *
 * The frozen decoder is the authors' T5-v1.1-large, 470 million values; nobody has seen it here at that
 * size. Optimum exports it:
 * `optimum-cli export onnx --model google/t5-v1_1-large --task text2text-generation data/t5-v1_1-large`.
 * Any other decoder takes its place with `objectives.read-clip.loss.decoder=…` and its `width`. Without
 * one there is `read-clip-align-vitb32`.
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
import { readClipLoss } from "../plugins/read_clip/decoder_loss.ts";
import { readClipRows } from "../plugins/read_clip/rows.ts";

const recipe: Recipe = defineRecipe({
  name: "read-clip-vitb32",
  description: "READ-CLIP fine-tunes OpenAI's ViT-B/32 on COCO: paraphrases, and a frozen decoder",
  // OpenAI's weights need QuickGELU; GELU costs about 5 points of ImageNet and says nothing.
  model: clip({
    weights: "hf:timm/vit_base_patch32_clip_224.openai/open_clip_model.safetensors",
    architecture: "ViT-B-32-quickgelu",
  }),
  // An example is a picture with its captions. Any others take their place with `data.path=…`.
  data: captions({ path: "data/coco/annotations/captions_train2014.json" }),
  objectives: [
    objective(
      "read-clip",
      readClipRows({ times: 3 }),
      readClipLoss({
        decoder: "data/t5-v1_1-large",
        width: 1024,
        alignment: 0.5,
        reconstruction: 0.1,
      }),
    ),
  ],
  // Transformers' Trainer: PyTorch's betas and epsilon, and gradients of a norm of at most 1.
  optimizer: adamw({ lr: 1e-5, betas: [0.9, 0.999], eps: 1e-8, weightDecay: 0.1 }),
  clipNorm: 1,
  schedule: warmupCosine({ warmup: 50 }),
  batch: 256,
  epochs: 5,
  chunk: 64,
  seed: 2025,
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
