/**
 * All methods on the embedded CLIP and the embedded world, side by side: what each gains on
 * composition and what it forgets. Every arm has the same scenes, learning rate and number of steps.
 *
 * @module
 */
import { defineRecipe } from "../core/define_recipe.ts";
import { defineStudy, type Study } from "../core/study.ts";
import { objective } from "../core/objective.ts";
import type { Recipe } from "../core/recipe.ts";
import { adamw } from "../core/training/optimizers/adamw.ts";
import { warmupCosine } from "../core/training/optimizers/warmup_cosine.ts";
import { ceClipLoss } from "../plugins/ce_clip/loss.ts";
import { ceClipNegatives } from "../plugins/ce_clip/negatives.ts";
import { clic } from "../plugins/clic/clic.ts";
import { clicPairs } from "../plugins/clic/pairs.ts";
import { replace } from "../plugins/clove/replace.ts";
import { captionNegatives } from "../plugins/contrastive/caption_negatives.ts";
import { contrastive } from "../plugins/contrastive/contrastive.ts";
import { hardNegativeContrastive } from "../plugins/contrastive/hard_negative_contrastive.ts";
import { singleCaption } from "../plugins/contrastive/single_caption.ts";
import { negclipRows } from "../plugins/negclip/rows.ts";
import { negclipSwaps } from "../plugins/negclip/swaps.ts";
import { patch } from "../plugins/patching/patch.ts";
import { knownWords } from "../plugins/scenes/known_words.ts";
import { sceneProposer } from "../plugins/scenes/scene_proposer.ts";
import { scenes } from "../plugins/scenes/scenes.ts";
import { scenesCompositional } from "../plugins/scenes/compositional.ts";
import { scenesPairs } from "../plugins/scenes/pairs_benchmark.ts";
import { scenesRetrieval } from "../plugins/scenes/retrieval.ts";
import { scenesZeroShot } from "../plugins/scenes/zero_shot.ts";
import { tinyClip } from "../plugins/scenes/tiny_clip.ts";

const plain: Recipe = defineRecipe({
  name: "plain-tiny",
  description: "Plain contrastive fine-tuning of the embedded tiny CLIP",
  model: tinyClip(),
  // Scenes that the model was not trained on, each told in full.
  data: scenes({ length: 10_000, seed: 2, telling: "plain", captions: 4, objects: [1, 2] }),
  objectives: [objective("contrastive", singleCaption({ caption: "random" }), contrastive())],
  optimizer: adamw({ lr: 1e-3, weightDecay: 0.1 }),
  schedule: warmupCosine({ warmup: 0.2, start: 0.1, end: 0.01 }),
  batch: 96,
  steps: 300,
  chunk: 1024,
  checkpointEvery: 0,
  evaluators: [
    scenesCompositional({ items: 500, seed: 1 }),
    scenesPairs({ items: 500, seed: 1 }),
    scenesRetrieval({ items: 500, seed: 1 }),
    scenesZeroShot({ items: 500, seed: 1 }),
  ],
});

/** CLoVe's negatives, with the words of this world. */
const replaced = knownWords({ negatives: replace({ proposer: sceneProposer() }) });

/** CE-CLIP's four slots, with the words of this world. */
const ranked = knownWords({ negatives: ceClipNegatives({ proposer: sceneProposer() }) });

/** NegCLIP's swaps. */
const swapped = knownWords({ negatives: negclipSwaps() });

const study: Study = defineStudy({
  name: "study-tiny",
  description: "Compares all methods on the embedded tiny CLIP, with three seeds",
  arms: [
    { name: "plain", recipe: plain },
    {
      name: "clic",
      // CLIC trains only the text side; the others train all.
      recipe: defineRecipe({
        ...plain,
        name: "clic-arm",
        objectives: [
          clic({ preset: "strict" }),
          objective("contrastive", singleCaption(), contrastive()),
        ],
        frozen: ["image"],
      }),
    },
    {
      name: "clove",
      recipe: defineRecipe({
        ...plain,
        name: "clove-arm",
        objectives: [
          objective(
            "clove",
            captionNegatives({ negatives: replaced, caption: "random" }),
            hardNegativeContrastive(),
          ),
        ],
        after: [patch({ alpha: 0.6 })],
      }),
    },
    {
      name: "ce-clip",
      recipe: defineRecipe({
        ...plain,
        name: "ce-clip-arm",
        objectives: [
          objective(
            "ce-clip",
            captionNegatives({ negatives: ranked, caption: "random" }),
            ceClipLoss({ cmr: 0.2, imc: 0.3 }),
          ),
        ],
      }),
    },
    {
      name: "negclip",
      recipe: defineRecipe({
        ...plain,
        name: "negclip-arm",
        objectives: [
          objective(
            "negclip",
            negclipRows({ negatives: swapped, caption: "random" }),
            hardNegativeContrastive(),
          ),
        ],
        // Two rows an example.
        batch: 48,
      }),
    },
    {
      name: "combined",
      recipe: defineRecipe({
        ...plain,
        name: "combined-arm",
        objectives: [
          clic({ preset: "strict" }),
          objective(
            "ranked",
            clicPairs({ preset: "strict", negatives: 4 }),
            ceClipLoss({ cmr: 0.2, imc: 0.3 }),
          ),
          objective("contrastive", singleCaption(), contrastive()),
        ],
        frozen: ["image"],
        after: [patch({ alpha: 0.6 })],
      }),
    },
  ],
});

export default study;
