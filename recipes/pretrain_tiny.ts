/**
 * Trains the embedded CLIP from nothing on the embedded world, with the plain contrastive loss.
 *
 * @module
 */
import { defineRecipe } from "../core/define_recipe.ts";
import { objective } from "../core/objective.ts";
import type { Recipe } from "../core/recipe.ts";
import { adamw } from "../core/training/optimizers/adamw.ts";
import { warmupCosine } from "../core/training/optimizers/warmup_cosine.ts";
import { contrastive } from "../plugins/contrastive/contrastive.ts";
import { singleCaption } from "../plugins/contrastive/single_caption.ts";
import { collages } from "../plugins/scenes/collages.ts";
import { scenes } from "../plugins/scenes/scenes.ts";
import { scenesCompositional } from "../plugins/scenes/compositional.ts";
import { scenesPairs } from "../plugins/scenes/pairs_benchmark.ts";
import { scenesRetrieval } from "../plugins/scenes/retrieval.ts";
import { scenesZeroShot } from "../plugins/scenes/zero_shot.ts";
import { tinyClip } from "../plugins/scenes/tiny_clip.ts";

const recipe: Recipe = defineRecipe({
  name: "pretrain-tiny",
  description: "Trains the embedded tiny CLIP from nothing on procedural scenes",
  model: tinyClip({ weights: "random" }),
  // Captions as terse as the web's: what belongs to what, a single object's caption tells the image
  // tower; the text tower hardly ever needs the order of the words.
  data: scenes({ length: 1_000_000, seed: 1, telling: "terse" }),
  // Single scenes and pictures of two in turn; no hard negatives anywhere.
  objectives: [
    objective("scenes", singleCaption({ caption: "random" }), contrastive()),
    objective("collages", collages(), contrastive()),
  ],
  optimizer: adamw({ lr: 2e-3, weightDecay: 0.1 }),
  schedule: warmupCosine({ warmup: 0.05 }),
  batch: 256,
  chunk: 256,
  steps: 3500,
  seed: 0,
  checkpointEvery: 500,
  evaluators: [
    scenesCompositional({ items: 500, seed: 1 }),
    scenesPairs({ items: 500, seed: 1 }),
    scenesRetrieval({ items: 500, seed: 1 }),
    scenesZeroShot({ items: 500, seed: 1 }),
  ],
});

export default recipe;
