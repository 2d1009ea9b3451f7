/**
 * The recipes that the command line knows by name.
 *
 * @module
 */
import type { RecipeList } from "../core/cli/mod.ts";

/** Recipes by name, each loaded when it is asked for. */
export const recipes: RecipeList = {};
