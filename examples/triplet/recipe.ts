import { defineRecipe, objective, type Recipe } from "@syntagma/syntagma";
import { clip } from "@syntagma/syntagma/clip";
import { adamw, warmupCosine } from "@syntagma/syntagma/optimizers";
import { tripletLoss } from "./triplet_loss.ts";
import { tripletRows, triplets } from "./triplets.ts";
import { whatsUp } from "./whats_up.ts";

export { tripletLoss, tripletRows, triplets, whatsUp };

const recipe: Recipe = defineRecipe({
  name: "triplet-vitb32",
  description: "Negative captions with negative pictures, as in TripletCLIP",
  model: clip({ weights: "hf:openai/clip-vit-base-patch32" }),
  data: triplets({ path: "data/triplets.jsonl", images: "data/triplets" }),
  objectives: [objective("triplet", tripletRows(), tripletLoss())],
  optimizer: adamw({ lr: 1e-6, weightDecay: 0.1 }),
  schedule: warmupCosine({ warmup: 0.2 }),
  batch: 128,
  evaluators: [whatsUp({ images: "data/whatsup", annotations: "data/whatsup" })],
});

export default recipe;
