import type { RecipeList } from "../../../core/recipe_list.ts";
import { alignColumns } from "../results/table.ts";

/** One line for each recipe: its name and its description. */
export function formatRecipeList(recipes: RecipeList): string {
  const rows = Object.entries(recipes)
    .map(([name, { description }]) => [name, description])
    .toSorted(([a], [b]) => a! < b! ? -1 : 1);
  return alignColumns(rows, ["left", "left"]);
}
