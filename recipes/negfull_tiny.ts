/**
 * CLIP + NegFull on the embedded CLIP and the embedded world, with nothing to download.
 *
 * @module
 */
import { defineRecipe } from "../core/define_recipe.ts";
import { objective } from "../core/objective.ts";
import type { Recipe } from "../core/recipe.ts";
import { negFullLoss } from "../plugins/negbench/loss.ts";
import { negFullRows } from "../plugins/negbench/rows.ts";
import base from "./clic_tiny.ts";

const recipe: Recipe = defineRecipe({
  ...base,
  name: "negfull-tiny",
  description: "CLIP + NegFull on the embedded tiny CLIP and its world of scenes",
  // The tiny CLIP knows none of the words that deny: all are one unknown word to it.
  objectives: [objective("negfull", negFullRows({ caption: "random" }), negFullLoss())],
  frozen: [],
});

export default recipe;
