/**
 * CLIC on OpenAI's ViT-B/16, with the settings of ViT-B/32: the released code has the same for all.
 *
 * @module
 */
import { defineRecipe } from "../core/define_recipe.ts";
import type { Recipe } from "../core/recipe.ts";
import { clip } from "../plugins/clip/clip.ts";
import base from "./clic_vitb32.ts";

const recipe: Recipe = defineRecipe({
  ...base,
  name: "clic-vitb16",
  description: "CLIC fine-tunes the text side of OpenAI's ViT-B/16 on pairs of pictures",
  model: clip({
    weights: "hf:timm/vit_base_patch16_clip_224.openai/open_clip_model.safetensors",
    architecture: "ViT-B-16-quickgelu",
  }),
});

export default recipe;
