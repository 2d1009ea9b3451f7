/**
 * DeGLA on the embedded CLIP and the embedded world, with nothing to download.
 *
 * @module
 */
import { defineRecipe } from "../core/define_recipe.ts";
import { objective } from "../core/objective.ts";
import type { Recipe } from "../core/recipe.ts";
import { captionNegatives } from "../plugins/contrastive/caption_negatives.ts";
import { deglaLoss } from "../plugins/degla/loss.ts";
import { deglaNegatives } from "../plugins/degla/negatives.ts";
import { knownWords } from "../plugins/scenes/known_words.ts";
import { sceneProposer } from "../plugins/scenes/scene_proposer.ts";
import base from "./clic_tiny.ts";

const recipe: Recipe = defineRecipe({
  ...base,
  name: "degla-tiny",
  description: "DeGLA on the embedded tiny CLIP and its world of scenes; needs nothing else",
  objectives: [
    objective(
      "degla",
      captionNegatives({
        negatives: knownWords({ negatives: deglaNegatives({ proposer: sceneProposer() }) }),
        caption: "random",
      }),
      deglaLoss({ preset: "paper" }),
    ),
  ],
  average: { decay: 0.99 },
  frozen: [],
});

export default recipe;
