/**
 * CE-CLIP on OpenAI's ViT-B/16, with the settings of ViT-B/32: the paper has no other size.
 *
 * @module
 */
import { defineRecipe } from "../core/define_recipe.ts";
import type { Recipe } from "../core/recipe.ts";
import { clip } from "../plugins/clip/clip.ts";
import base from "./ce_clip_vitb32.ts";

const recipe: Recipe = defineRecipe({
  ...base,
  name: "ce-clip-vitb16",
  description: "CE-CLIP fine-tunes OpenAI's ViT-B/16 on COCO with ranked negatives of four kinds",
  model: clip({
    weights: "hf:timm/vit_base_patch16_clip_224.openai/open_clip_model.safetensors",
    architecture: "ViT-B-16-quickgelu",
  }),
  // 197 tokens a picture instead of 50: smaller chunks for less memory.
  chunk: 32,
});

export default recipe;
