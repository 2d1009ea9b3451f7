/**
 * The recipe `ce-clip-vitb32` with a CLIP of random weights that is small enough for many runs: its
 * own captions, negatives, loss and optimiser, to see whether several processes do what one does.
 *
 *     deno run -A scripts/compare_processes.ts --recipe ./scripts/processes/small_ce_clip.ts \
 *       data.path=captions.csv
 *
 * @module
 */
import { defineRecipe } from "../../core/define_recipe.ts";
import type { Recipe } from "../../core/recipe.ts";
import { adamw } from "../../core/training/optimizers/adamw.ts";
import { warmupCosine } from "../../core/training/optimizers/warmup_cosine.ts";
import { clipTokenizer } from "../../plugins/clip/tokenizer.ts";
import ceClip from "../../recipes/ce_clip_vitb32.ts";
import { randomClipSource } from "../../tests/helpers/random_clip_source.ts";

const model = randomClipSource({
  name: "smallClip",
  model: "small",
  config: {
    dim: 64,
    activation: "quick_gelu",
    epsilon: 1e-5,
    image: { size: 64, patch: 16, width: 128, layers: 3, heads: 2, hidden: 512 },
    text: { context: 77, vocabulary: 49_408, width: 128, layers: 3, heads: 2, hidden: 512 },
  },
  tokenizer: clipTokenizer("open_clip"),
});

const recipe: Recipe = defineRecipe({
  ...ceClip,
  name: "small-ce-clip",
  description: "CE-CLIP trains a small CLIP with random weights, to compare processes",
  model,
  // Random weights learn little by the recipe's own rate: two runs would agree whatever they did.
  optimizer: adamw({ lr: 1e-4, weightDecay: 0.1 }),
  schedule: warmupCosine({ warmup: 0.1 }),
  batch: 24,
  chunk: 7,
  evaluators: [],
});

export default recipe;
