/**
 * CoN-CLIP on the embedded CLIP and the embedded world, with nothing to download.
 *
 * @module
 */
import { defineRecipe } from "../core/define_recipe.ts";
import { objective } from "../core/objective.ts";
import type { Recipe } from "../core/recipe.ts";
import { conClipLoss } from "../plugins/con_clip/loss.ts";
import { conClipRows } from "../plugins/con_clip/rows.ts";
import base from "./clic_tiny.ts";

const recipe: Recipe = defineRecipe({
  ...base,
  name: "con-clip-tiny",
  description: "CoN-CLIP on the embedded tiny CLIP and its world of scenes; needs nothing else",
  // The tiny CLIP does not know "not" and "without": all denials are one unknown word to it.
  objectives: [objective("con-clip", conClipRows({ caption: "random" }), conClipLoss())],
  frozen: ["image"],
});

export default recipe;
