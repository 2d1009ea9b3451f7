/**
 * CLIC on CLIPA's ViT-L/14, one of its further families, with the settings of ViT-B/32: the released code
 * has the same for all.
 *
 * @module
 */
import { defineRecipe } from "../core/define_recipe.ts";
import type { Recipe } from "../core/recipe.ts";
import { clip } from "../plugins/clip/clip.ts";
import base from "./clic_vitb32.ts";

const recipe: Recipe = defineRecipe({
  ...base,
  name: "clic-clipa-vitl14",
  description: "CLIC fine-tunes the text side of CLIPA's ViT-L/14 on pairs of pictures",
  model: clip({
    weights: "hf:UCSC-VLAA/ViT-L-14-CLIPA-datacomp1B",
    architecture: "ViT-L-14-CLIPA",
  }),
  // 257 tokens a picture, as wide as those of OpenAI's ViT-L/14.
  chunk: 16,
});

export default recipe;
