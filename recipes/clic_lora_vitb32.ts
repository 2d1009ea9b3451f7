/**
 * CLIC on OpenAI's ViT-B/32 by adapters of the text tower, with the settings of `clic-vitb32` but for
 * what low rank asks for: a larger rate, and no decay of matrices that begin at zero. These numbers are
 * usual ones for LoRA, of no paper.
 *
 * What is written is the whole model, in which the adapters are merged, and they themselves in the
 * folder `adapter` in it, as PEFT reads them.
 *
 * @module
 */
import { defineRecipe } from "../core/define_recipe.ts";
import type { Recipe } from "../core/recipe.ts";
import { adamw } from "../core/training/optimizers/adamw.ts";
import { clip } from "../plugins/clip/clip.ts";
import { lora } from "../plugins/lora/lora.ts";
import base from "./clic_vitb32.ts";

const recipe: Recipe = defineRecipe({
  ...base,
  name: "clic-lora-vitb32",
  description: "CLIC fine-tunes adapters in the text side of OpenAI's ViT-B/32",
  model: lora({
    // transformers' layout, in which queries, keys and values have matrices of their own.
    model: clip({
      weights: "hf:openai/clip-vit-base-patch32",
      architecture: "ViT-B-32-quickgelu",
    }),
    // Every linear layer of the text tower; those of the image tower stay as they are.
    targets: ["text"],
    rank: 8,
    alpha: 16,
  }),
  // Nothing but adapters is trained, whatever stands here.
  frozen: [],
  optimizer: adamw({ lr: 1e-4, betas: [0.9, 0.98], eps: 1e-8, weightDecay: 0 }),
});

export default recipe;
