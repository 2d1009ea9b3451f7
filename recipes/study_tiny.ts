/**
 * All methods on the embedded CLIP that sees places and its world, side by side: what each gains on
 * composition and what it costs. Every arm has the same scenes, steps, and pictures a step.
 *
 * @module
 */
import { defineRecipe } from "../core/define_recipe.ts";
import { objective } from "../core/objective.ts";
import type { Recipe, RecipeSettings } from "../core/recipe.ts";
import { defineStudy, type Study, type StudyArm } from "../core/study.ts";
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
import { scenesCompositional } from "../plugins/scenes/compositional.ts";
import { scenesChoices, scenesMatches } from "../plugins/scenes/items_benchmark.ts";
import { knownWords } from "../plugins/scenes/known_words.ts";
import { scenesPairs } from "../plugins/scenes/pairs_benchmark.ts";
import { scenesRetrieval } from "../plugins/scenes/retrieval.ts";
import { sceneProposer } from "../plugins/scenes/scene_proposer.ts";
import { scenes } from "../plugins/scenes/scenes.ts";
import { sightedClip } from "../plugins/scenes/sighted_clip.ts";
import { scenesZeroShot } from "../plugins/scenes/zero_shot.ts";
import c2lipTiny from "./c2lip_tiny.ts";
import conClipTiny from "./con_clip_tiny.ts";
import csClipTiny from "./cs_clip_tiny.ts";
import deglaTiny from "./degla_tiny.ts";
import fscClipTiny from "./fsc_clip_tiny.ts";
import labclipTiny from "./labclip_tiny.ts";
import negfullTiny from "./negfull_tiny.ts";
import readClipAlignTiny from "./read_clip_align_tiny.ts";
import tripletClipTiny from "./triplet_clip_tiny.ts";

const items = { items: 300, seed: 1 };

const plain: Recipe = defineRecipe({
  name: "plain-tiny",
  description: "Plain contrastive fine-tuning of the embedded CLIP that sees places",
  model: sightedClip(),
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
    scenesCompositional(items),
    scenesPairs(items),
    scenesChoices(items),
    scenesMatches(items),
    scenesRetrieval(items),
    scenesZeroShot(items),
  ],
});

/** The changes of an arm's recipe from {@linkcode plain}. */
type Changes = Partial<RecipeSettings<"patches" | "tokens" | "pooled">>;

function arm(name: string, changes: Changes): StudyArm {
  // The model is named again: what it gives to losses is not known of a recipe that is made already.
  const model = sightedClip();
  return { name, recipe: defineRecipe({ ...plain, name: `${name}-arm`, ...changes, model }) };
}

/** What a tiny recipe does, on the study's model. */
function armOf(name: string, recipe: Recipe, changes: Changes = {}): StudyArm {
  const { objectives, frozen, trained, average, after, optimizer } = recipe;
  return arm(name, { objectives, frozen, trained, average, after, optimizer, ...changes });
}

/** CLoVe's negatives, with the words of this world. */
const replaced = knownWords({ negatives: replace({ proposer: sceneProposer() }) });

/** CE-CLIP's four slots, with the words of this world. */
const ranked = knownWords({ negatives: ceClipNegatives({ proposer: sceneProposer() }) });

/** NegCLIP's swaps. */
const swapped = knownWords({ negatives: negclipSwaps() });

const study: Study = defineStudy({
  name: "study-tiny",
  description: "Compares all methods on the embedded CLIP that sees places, with three seeds",
  arms: [
    arm("plain", {}),
    // CLIC, CoN-CLIP and LABCLIP leave the image tower as it is; the others train all.
    arm("clic", {
      objectives: [
        clic({ preset: "strict" }),
        objective("contrastive", singleCaption(), contrastive()),
      ],
      frozen: ["image"],
    }),
    arm("clove", {
      objectives: [
        objective(
          "clove",
          captionNegatives({ negatives: replaced, caption: "random" }),
          hardNegativeContrastive(),
        ),
      ],
      after: [patch({ alpha: 0.6 })],
    }),
    arm("ce-clip", {
      objectives: [
        objective(
          "ce-clip",
          captionNegatives({ negatives: ranked, caption: "random" }),
          ceClipLoss({ cmr: 0.2, imc: 0.3 }),
        ),
      ],
    }),
    arm("negclip", {
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
    armOf("labclip", labclipTiny),
    armOf("fsc-clip", fscClipTiny),
    // A negative picture beside each: as many pictures as the others have.
    armOf("triplet-clip", tripletClipTiny, { data: tripletClipTiny.data, batch: 48 }),
    armOf("con-clip", conClipTiny),
    armOf("negfull", negfullTiny),
    armOf("degla", deglaTiny),
    armOf("cs-clip", csClipTiny),
    armOf("c2lip", c2lipTiny),
    armOf("read-clip-align", readClipAlignTiny),
    arm("combined", {
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
  ],
});

export default study;
