/**
 * CS-CLIP on the embedded CLIP and the embedded world, with nothing to download.
 *
 * @module
 */
import { defineRecipe } from "../core/define_recipe.ts";
import { objective } from "../core/objective.ts";
import type { Recipe } from "../core/recipe.ts";
import { csClipLoss } from "../plugins/cs_clip/loss.ts";
import { csClipRows } from "../plugins/cs_clip/rows.ts";
import { sceneProposer } from "../plugins/scenes/scene_proposer.ts";
import base from "./clic_tiny.ts";

const recipe: Recipe = defineRecipe({
  ...base,
  name: "cs-clip-tiny",
  description: "CS-CLIP on the embedded tiny CLIP and its world of scenes; needs nothing else",
  objectives: [
    objective(
      "cs-clip",
      csClipRows({ proposer: sceneProposer(), caption: "random" }),
      csClipLoss({ preset: "paper" }),
    ),
  ],
  frozen: [],
});

export default recipe;
