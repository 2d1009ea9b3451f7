/**
 * CLIC on the embedded CLIP and the embedded world: the whole method in minutes, with nothing to
 * download.
 *
 * @module
 */
import { defineRecipe } from "../core/define_recipe.ts";
import { objective } from "../core/objective.ts";
import type { Recipe } from "../core/recipe.ts";
import { adamw } from "../core/training/optimizers/adamw.ts";
import { warmupCosine } from "../core/training/optimizers/warmup_cosine.ts";
import { clic } from "../plugins/clic/clic.ts";
import { contrastive } from "../plugins/contrastive/contrastive.ts";
import { singleCaption } from "../plugins/contrastive/single_caption.ts";
import { scenes } from "../plugins/scenes/scenes.ts";
import { scenesCompositional } from "../plugins/scenes/compositional.ts";
import { scenesPairs } from "../plugins/scenes/pairs_benchmark.ts";
import { scenesRetrieval } from "../plugins/scenes/retrieval.ts";
import { scenesZeroShot } from "../plugins/scenes/zero_shot.ts";
import { tinyClip } from "../plugins/scenes/tiny_clip.ts";

const recipe: Recipe = defineRecipe({
  name: "clic-tiny",
  description: "CLIC on the embedded tiny CLIP and its world of scenes; needs nothing else",
  model: tinyClip(),
  // Other scenes than those the model was trained on, each told in full and in plain words: among
  // synonyms CLIC's swaps would make negatives that are true. Two pictures with three objects each
  // are more than an embedding of this size holds.
  data: scenes({ length: 50_000, seed: 2, telling: "plain", captions: 4, objects: [1, 2] }),
  objectives: [
    // Plain words have no synonyms that would have to be kept apart, so WordNet is not fetched.
    clic({ preset: "strict", synonyms: "keep" }),
    objective("contrastive", singleCaption(), contrastive()),
  ],
  frozen: ["image"],
  optimizer: adamw({ lr: 1e-3, weightDecay: 0.1 }),
  schedule: warmupCosine({ warmup: 0.2, start: 0.1, end: 0.01 }),
  batch: 96,
  steps: 300,
  chunk: 1024,
  seed: 0,
  checkpointEvery: 100,
  evaluators: [
    scenesCompositional({ items: 500, seed: 1 }),
    scenesPairs({ items: 500, seed: 1 }),
    scenesRetrieval({ items: 500, seed: 1 }),
    scenesZeroShot({ items: 500, seed: 1 }),
  ],
});

export default recipe;
