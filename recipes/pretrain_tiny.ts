/**
 * Trains the embedded CLIP from nothing on the embedded world, with the plain contrastive loss.
 *
 * @module
 */
import { defineRecipe, objective, type Recipe } from "../mod.ts";
import { adamw, warmupCosine } from "../core/training/mod.ts";
import { contrastive, singleCaption } from "../plugins/contrastive/mod.ts";
import {
  collages,
  scenes,
  scenesCompositional,
  scenesPairs,
  scenesRetrieval,
  scenesZeroShot,
  tinyClip,
} from "../plugins/scenes/mod.ts";

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
