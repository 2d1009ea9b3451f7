import type { PluginSet } from "../../../core/join_plugins.ts";
import { alignColumns } from "../results/table.ts";

/** One line for each recipe: its name and its description. */
export function formatRecipeList(recipes: PluginSet["recipes"]): string {
  const rows = Object.entries(recipes)
    .map(([name, { description }]) => [name, description])
    .toSorted(([a], [b]) => a! < b! ? -1 : 1);
  return alignColumns(rows, ["left", "left"]);
}
