/**
 * TripletCLIP on the embedded CLIP and the embedded world, with nothing to download: the negative of
 * a scene is the same scene with the colours of its two objects exchanged.
 *
 * @module
 */
import { defineRecipe } from "../core/define_recipe.ts";
import { objective } from "../core/objective.ts";
import type { Recipe } from "../core/recipe.ts";
import { scenes, type ScenesOptions, swappedScenes } from "../plugins/scenes/scenes.ts";
import { tripletClipLoss } from "../plugins/triplet_clip/loss.ts";
import { tripletClipRows } from "../plugins/triplet_clip/rows.ts";
import { tripletData } from "../plugins/triplet_clip/triplet_data.ts";
import base from "./clic_tiny.ts";

const world: ScenesOptions = {
  length: 50_000,
  seed: 2,
  telling: "plain",
  captions: 4,
  objects: [2, 2],
};

const recipe: Recipe = defineRecipe({
  ...base,
  name: "triplet-clip-tiny",
  description: "TripletCLIP on the embedded tiny CLIP and its world; needs nothing else",
  data: tripletData({ examples: scenes(world), negatives: swappedScenes(world) }),
  objectives: [
    objective("triplet-clip", tripletClipRows({ caption: "random" }), tripletClipLoss()),
  ],
  frozen: [],
});

export default recipe;
