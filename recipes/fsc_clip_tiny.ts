/**
 * FSC-CLIP on the embedded CLIP and the embedded world, with nothing to download.
 *
 * @module
 */
import { defineRecipe } from "../core/define_recipe.ts";
import { objective } from "../core/objective.ts";
import type { Recipe } from "../core/recipe.ts";
import { replace } from "../plugins/clove/replace.ts";
import { captionNegatives } from "../plugins/contrastive/caption_negatives.ts";
import { fscClipLoss } from "../plugins/fsc_clip/loss.ts";
import { fscClipNegatives } from "../plugins/fsc_clip/negatives.ts";
import { shuffleBigrams } from "../plugins/fsc_clip/shuffle_bigrams.ts";
import { negclipSwaps } from "../plugins/negclip/swaps.ts";
import { knownWords } from "../plugins/scenes/known_words.ts";
import { sceneProposer } from "../plugins/scenes/scene_proposer.ts";
import { tinyClip } from "../plugins/scenes/tiny_clip.ts";
import base from "./clic_tiny.ts";

const recipe: Recipe = defineRecipe({
  ...base,
  name: "fsc-clip-tiny",
  description: "FSC-CLIP on the embedded tiny CLIP and its world of scenes; needs nothing else",
  // Named again: what a recipe's model gives to losses is not known of a recipe that is made already.
  model: tinyClip(),
  objectives: [
    objective(
      "fsc-clip",
      captionNegatives({
        // The three kinds with the words of this world.
        negatives: knownWords({
          negatives: fscClipNegatives({
            kinds: [negclipSwaps(), replace({ proposer: sceneProposer() }), shuffleBigrams()],
          }),
        }),
        caption: "random",
      }),
      fscClipLoss({ preset: "paper" }),
    ),
  ],
  frozen: [],
});

export default recipe;
