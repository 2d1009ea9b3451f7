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
import { clip } from "../plugins/clip/clip.ts";
import { readClipLoss } from "../plugins/read_clip/decoder_loss.ts";
import { readClipRows } from "../plugins/read_clip/rows.ts";
import base from "./read_clip_align_vitb32.ts";

const recipe: Recipe = defineRecipe({
  ...base,
  name: "read-clip-vitb32",
  description: "READ-CLIP fine-tunes OpenAI's ViT-B/32 on COCO: paraphrases, and a frozen decoder",
  // Named again: what it gives to losses is not known of a recipe that is made already.
  model: clip({
    weights: "hf:timm/vit_base_patch32_clip_224.openai/open_clip_model.safetensors",
    architecture: "ViT-B-32-quickgelu",
  }),
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
});

export default recipe;
