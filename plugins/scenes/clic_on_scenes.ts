import { defineRecipe } from "../../core/define_recipe.ts";
import type { ModelFeature, ModelSource } from "../../core/model.ts";
import { objective } from "../../core/objective.ts";
import type { Recipe } from "../../core/recipe.ts";
import { adamw } from "../../core/training/optimizers/adamw.ts";
import { warmupCosine } from "../../core/training/optimizers/warmup_cosine.ts";
import { clicLoss } from "../clic/loss.ts";
import { contrastive } from "../contrastive/contrastive.ts";
import { singleCaption } from "../contrastive/single_caption.ts";
import { scenesCompositional } from "./compositional.ts";
import { scenePairs } from "./scene_pairs.ts";
import { scenes } from "./scenes.ts";

/**
 * The recipe that the page trains: as `clic-tiny`, with {@linkcode scenePairs}, so that it needs
 * nothing that a browser has not.
 *
 * @param model The embedded CLIP, however its weights are read.
 */
export function clicOnScenes<Feature extends ModelFeature>(model: ModelSource<Feature>): Recipe {
  return defineRecipe({
    name: "clic-web",
    description: "CLIC on the embedded tiny CLIP as the page of `web` trains it in a browser",
    model,
    data: scenes({ length: 50_000, seed: 2, telling: "plain", captions: 4, objects: [1, 2] }),
    objectives: [
      objective("clic", scenePairs(), clicLoss()),
      objective("contrastive", singleCaption(), contrastive()),
    ],
    frozen: ["image"],
    optimizer: adamw({ lr: 1e-3, weightDecay: 0.1 }),
    schedule: warmupCosine({ warmup: 0.2, start: 0.1, end: 0.01 }),
    batch: 48,
    steps: 200,
    chunk: 1024,
    seed: 0,
    evaluators: [scenesCompositional({ items: 500, seed: 1 })],
  });
}
