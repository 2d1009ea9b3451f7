/**
 * CLIC on LAION's ViT-H/14, one of the families that its code trains, with the settings of ViT-B/32.
 *
 * @module
 */
import { defineRecipe } from "../core/define_recipe.ts";
import type { Recipe } from "../core/recipe.ts";
import { clip } from "../plugins/clip/clip.ts";
import base from "./clic_vitb32.ts";

const recipe: Recipe = defineRecipe({
  ...base,
  name: "clic-vith14",
  description: "CLIC fine-tunes the text side of LAION's ViT-H/14 on pairs of pictures",
  model: clip({
    weights: "hf:laion/CLIP-ViT-H-14-laion2B-s32B-b79K",
    architecture: "ViT-H-14",
  }),
  // 32 blocks of 1,280 channels, and 24 of 1,024 for texts.
  chunk: 8,
});

export default recipe;
