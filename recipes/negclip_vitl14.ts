/**
 * NegCLIP on OpenAI's ViT-L/14, with the settings of ViT-B/32: the paper has no other size.
 *
 * @module
 */
import { defineRecipe } from "../core/define_recipe.ts";
import type { Recipe } from "../core/recipe.ts";
import { clip } from "../plugins/clip/clip.ts";
import base from "./negclip_vitb32.ts";

const recipe: Recipe = defineRecipe({
  ...base,
  name: "negclip-vitl14",
  description: "NegCLIP fine-tunes OpenAI's ViT-L/14 on COCO with swapped captions and look-alikes",
  model: clip({
    weights: "hf:timm/vit_large_patch14_clip_224.openai/open_clip_model.safetensors",
    architecture: "ViT-L-14-quickgelu",
  }),
  // 257 tokens a picture instead of 50, and wider ones: smaller chunks for less memory.
  chunk: 16,
});

export default recipe;
