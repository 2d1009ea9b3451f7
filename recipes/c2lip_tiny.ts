/**
 * C2LIP on the embedded CLIP and the embedded world, with nothing to download.
 *
 * @module
 */
import { defineRecipe } from "../core/define_recipe.ts";
import { objective } from "../core/objective.ts";
import type { Recipe } from "../core/recipe.ts";
import { c2lipPooledLoss } from "../plugins/c2lip/loss.ts";
import { c2lipRows } from "../plugins/c2lip/rows.ts";
import { tinyClip } from "../plugins/scenes/tiny_clip.ts";
import base from "./clic_tiny.ts";

const recipe: Recipe = defineRecipe({
  ...base,
  name: "c2lip-tiny",
  description: "C2LIP on the embedded tiny CLIP and its world of scenes; needs nothing else",
  // Named again: what a recipe's model gives to losses is not known of a recipe that is made already.
  model: tinyClip(),
  objectives: [
    objective(
      "c2lip",
      c2lipRows({ caption: "random" }),
      c2lipPooledLoss({ preset: "paper", bias: -25 }),
    ),
  ],
  frozen: [],
});

export default recipe;
