/**
 * LABCLIP on the embedded CLIP and the embedded world, with nothing to download.
 *
 * @module
 */
import { defineRecipe } from "../core/define_recipe.ts";
import { objective } from "../core/objective.ts";
import type { Recipe } from "../core/recipe.ts";
import { adamw } from "../core/training/optimizers/adamw.ts";
import { captionNegatives } from "../plugins/contrastive/caption_negatives.ts";
import { foldMatrix } from "../plugins/labclip/fold_matrix.ts";
import { labclipLoss } from "../plugins/labclip/loss.ts";
import { onEmbeddings } from "../plugins/labclip/on_embeddings.ts";
import { negclipSwaps } from "../plugins/negclip/swaps.ts";
import { knownWords } from "../plugins/scenes/known_words.ts";
import { scenes } from "../plugins/scenes/scenes.ts";
import base from "./clic_tiny.ts";

const recipe: Recipe = defineRecipe({
  ...base,
  name: "labclip-tiny",
  description: "LABCLIP on the embedded tiny CLIP and its world of scenes; needs nothing else",
  // Each scene is embedded before training.
  data: scenes({ length: 10_000, seed: 2, telling: "plain", captions: 4, objects: [1, 2] }),
  objectives: [
    objective(
      "labclip",
      onEmbeddings({
        composer: captionNegatives({
          negatives: knownWords({ negatives: negclipSwaps() }),
          caption: "random",
        }),
      }),
      labclipLoss(),
    ),
  ],
  frozen: [],
  trained: ["loss"],
  // No decay: it would pull the matrix, which begins as the identity, towards zero.
  optimizer: adamw({ lr: 1e-3, weightDecay: 0 }),
  after: [foldMatrix()],
});

export default recipe;
