/**
 * CLIC on EVA-02's CLIP L/14, one of the families that its code trains, with the settings of ViT-B/32.
 *
 * @module
 */
import { defineRecipe } from "../core/define_recipe.ts";
import type { Recipe } from "../core/recipe.ts";
import { clip } from "../plugins/clip/clip.ts";
import base from "./clic_vitb32.ts";

const recipe: Recipe = defineRecipe({
  ...base,
  name: "clic-eva02-vitl14",
  description: "CLIC fine-tunes the text side of EVA-02's L/14 on pairs of pictures",
  model: clip({
    weights: "hf:timm/eva02_large_patch14_clip_224.merged2b_s4b_b131k",
    architecture: "EVA02-L-14",
  }),
  // 257 tokens a picture, as wide as those of OpenAI's ViT-L/14.
  chunk: 16,
});

export default recipe;
