/**
 * READ-CLIP's alignment on the embedded CLIP and the embedded world, with nothing to download.
 *
 * @module
 */
import { defineRecipe } from "../core/define_recipe.ts";
import { objective } from "../core/objective.ts";
import type { Recipe } from "../core/recipe.ts";
import { negclipSwaps } from "../plugins/negclip/swaps.ts";
import { readClipAlignLoss } from "../plugins/read_clip/loss.ts";
import { readClipRows } from "../plugins/read_clip/rows.ts";
import { knownWords } from "../plugins/scenes/known_words.ts";
import base from "./clic_tiny.ts";

const recipe: Recipe = defineRecipe({
  ...base,
  name: "read-clip-align-tiny",
  description: "READ-CLIP's alignment on the embedded tiny CLIP and its world; needs nothing else",
  objectives: [
    objective(
      "read-clip",
      readClipRows({ negatives: knownWords({ negatives: negclipSwaps() }) }),
      readClipAlignLoss(),
    ),
  ],
  frozen: [],
});

export default recipe;
