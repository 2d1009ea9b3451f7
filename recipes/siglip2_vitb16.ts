/**
 * CLIC on SigLIP 2's ViT-B/16, which its paper has not: the same pairs, texts and numbers, and a sigmoid
 * in each of the loss's terms, as the model was trained with.
 *
 * @module
 */
import { defineRecipe } from "../core/define_recipe.ts";
import { objective } from "../core/objective.ts";
import type { Recipe } from "../core/recipe.ts";
import { clicPairs } from "../plugins/clic/pairs.ts";
import { clicSigmoidLoss } from "../plugins/clic/sigmoid_loss.ts";
import { siglip } from "../plugins/clip/siglip.ts";
import { sigmoidContrastive } from "../plugins/contrastive/sigmoid_contrastive.ts";
import { singleCaption } from "../plugins/contrastive/single_caption.ts";
import base from "./clic_vitb32.ts";

const recipe: Recipe = defineRecipe({
  ...base,
  name: "siglip2-vitb16",
  description: "CLIC with a sigmoid fine-tunes the text side of SigLIP 2's ViT-B/16",
  model: siglip({ weights: "hf:timm/ViT-B-16-SigLIP2", architecture: "ViT-B-16-SigLIP2" }),
  // Scale and bias are trained with the text tower.
  objectives: [
    objective("clic", clicPairs({ preset: "released" }), clicSigmoidLoss()),
    objective("contrastive", singleCaption(), sigmoidContrastive()),
  ],
  // 64 tokens a text, as none is cut.
  chunk: 32,
});

export default recipe;
