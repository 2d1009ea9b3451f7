/**
 * The recipes that the command line knows by name.
 *
 * @module
 */
import type { RecipeList } from "../core/cli/mod.ts";

/** Recipes by name, each loaded when it is asked for. */
export const recipes: RecipeList = {
  "clic-vitb32": {
    description: "CLIC fine-tunes the text side of OpenAI's ViT-B/32 on pairs of pictures",
    load: () => import("./clic_vitb32.ts"),
  },
};
