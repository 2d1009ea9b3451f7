/**
 * CLoVe on the embedded CLIP, as short as can be: a running average, a clipped gradient, scores
 * during training, and two transformations after it, so that a kill can hit all that a run keeps.
 *
 * @module
 */
import { defineRecipe } from "../../core/define_recipe.ts";
import { objective } from "../../core/objective.ts";
import type { Recipe } from "../../core/recipe.ts";
import { adamw } from "../../core/training/optimizers/adamw.ts";
import { warmupCosine } from "../../core/training/optimizers/warmup_cosine.ts";
import { replace } from "../../plugins/clove/replace.ts";
import { captionNegatives } from "../../plugins/contrastive/caption_negatives.ts";
import { contrastive } from "../../plugins/contrastive/contrastive.ts";
import { hardNegativeContrastive } from "../../plugins/contrastive/hard_negative_contrastive.ts";
import { singleCaption } from "../../plugins/contrastive/single_caption.ts";
import { averagedWeights } from "../../plugins/patching/averaged_weights.ts";
import { patch } from "../../plugins/patching/patch.ts";
import { knownWords } from "../../plugins/scenes/known_words.ts";
import { scenesPairs } from "../../plugins/scenes/pairs_benchmark.ts";
import { sceneProposer } from "../../plugins/scenes/scene_proposer.ts";
import { scenes } from "../../plugins/scenes/scenes.ts";
import { tinyClip } from "../../plugins/scenes/tiny_clip.ts";
import { scenesZeroShot } from "../../plugins/scenes/zero_shot.ts";

const recipe: Recipe = defineRecipe({
  name: "short-run",
  description: "Twelve steps of CLoVe on the embedded CLIP, to be killed",
  model: tinyClip(),
  data: scenes({ length: 50, seed: 2, telling: "plain", captions: 4, objects: [1, 2] }),
  objectives: [
    objective(
      "clove",
      captionNegatives({
        negatives: knownWords({ negatives: replace({ proposer: sceneProposer() }) }),
        caption: "random",
      }),
      hardNegativeContrastive(),
    ),
    objective("plain", singleCaption({ caption: "random" }), contrastive()),
  ],
  optimizer: adamw({ lr: 1e-3, weightDecay: 0.1 }),
  schedule: warmupCosine({ warmup: 0.2 }),
  clipNorm: 1,
  average: { decay: 0.9 },
  batch: 8,
  epochs: 4,
  steps: 12,
  chunk: 6,
  seed: 1,
  checkpointEvery: 2,
  evaluators: [scenesPairs({ items: 8, seed: 1 }), scenesZeroShot({ items: 16, seed: 1 })],
  evaluateEvery: 5,
  after: [averagedWeights(), patch({ alpha: 0.6 })],
});

export default recipe;
