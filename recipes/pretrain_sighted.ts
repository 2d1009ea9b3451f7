/**
 * Trains the embedded CLIP that sees places, from the tiny CLIP's weights, on the embedded world.
 *
 * @module
 */
import { defineRecipe } from "../core/define_recipe.ts";
import { objective } from "../core/objective.ts";
import type { Recipe } from "../core/recipe.ts";
import { adamw } from "../core/training/optimizers/adamw.ts";
import { contrastive } from "../plugins/contrastive/contrastive.ts";
import { singleCaption } from "../plugins/contrastive/single_caption.ts";
import { collages } from "../plugins/scenes/collages.ts";
import { scenesChoices, scenesMatches } from "../plugins/scenes/items_benchmark.ts";
import { scenes } from "../plugins/scenes/scenes.ts";
import { sightedClip } from "../plugins/scenes/sighted_clip.ts";
import { twins } from "../plugins/scenes/twins.ts";
import base from "./pretrain_tiny.ts";

const recipe: Recipe = defineRecipe({
  ...base,
  name: "pretrain-sighted",
  description: "Trains the embedded CLIP that sees places, from the tiny CLIP's weights",
  model: sightedClip({ weights: "tiny" }),
  data: scenes({ length: 1_000_000, seed: 1, telling: "placed", twins: true }),
  // What is where, in each batch beside the same objects in exchanged places, in every second step.
  // From sentences alone neither tower learns it, since each needs that the other puts an object and
  // its place together; of labels, which are single words, the image tower learns it alone.
  objectives: [
    objective("twins", twins(), contrastive()),
    objective("scenes", singleCaption({ caption: "random" }), contrastive()),
    objective("twins-again", twins(), contrastive()),
    objective("collages", collages(), contrastive()),
  ],
  optimizer: adamw({ lr: 2e-3, weightDecay: 0.1 }),
  batch: 64,
  steps: 3000,
  checkpointEvery: 500,
  evaluators: [
    ...base.evaluators,
    scenesChoices({ items: 500, seed: 1 }),
    scenesMatches({ items: 500, seed: 1 }),
  ],
});

export default recipe;
