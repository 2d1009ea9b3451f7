/**
 * The recipes that the command line knows by name.
 *
 * @module
 */
import type { RecipeList } from "../core/cli/mod.ts";

/** Recipes by name, each loaded when it is asked for. */
export const recipes: RecipeList = {
  "clic-tiny": {
    description: "CLIC on the embedded tiny CLIP and its world of scenes; needs nothing else",
    load: () => import("./clic_tiny.ts"),
  },
  "clic-vitb32": {
    description: "CLIC fine-tunes the text side of OpenAI's ViT-B/32 on pairs of pictures",
    load: () => import("./clic_vitb32.ts"),
  },
  "pretrain-tiny": {
    description: "Trains the embedded tiny CLIP from nothing on procedural scenes",
    load: () => import("./pretrain_tiny.ts"),
  },
};
