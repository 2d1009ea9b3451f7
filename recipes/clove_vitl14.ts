/**
 * CLoVe on OpenAI's ViT-L/14, with the settings of ViT-B/32: the paper has no other size.
 *
 * @module
 */
import { defineRecipe } from "../core/define_recipe.ts";
import type { Recipe } from "../core/recipe.ts";
import { clip } from "../plugins/clip/clip.ts";
import base from "./clove_vitb32.ts";

const recipe: Recipe = defineRecipe({
  ...base,
  name: "clove-vitl14",
  description: "CLoVe fine-tunes OpenAI's ViT-L/14 on synthetic captions, then patches it",
  model: clip({
    weights: "hf:timm/vit_large_patch14_clip_224.openai/open_clip_model.safetensors",
    architecture: "ViT-L-14-quickgelu",
    context: 64,
  }),
  // 257 tokens a picture instead of 50, and wider ones: smaller chunks for less memory.
  chunk: 16,
});

export default recipe;
