import { importLater } from "../../../core/import_later.ts";
import type { Recipe, RecipeSettings } from "../../../core/recipe.ts";
import { runRecipe } from "./run.ts";
import type { RunSummary } from "./run_options.ts";

/**
 * Tries a recipe from beginning to end, for tests of its parts: two steps of two examples with the
 * embedded tiny CLIP on the native CPU. The run folder is removed again.
 *
 * @param changes What is to be otherwise: data of a few files, say. A loss that asks for more than the
 *   tiny CLIP gives needs another model.
 * @throws {Error} whatever a component throws.
 *
 * @example
 * ```ts
 * import { tryRecipe } from "@syntagma/syntagma/runs";
 * import recipe from "../../../recipes/clic_tiny.ts";
 *
 * const { steps } = await tryRecipe(recipe, { steps: 1, evaluators: [] });
 * console.assert(steps === 1);
 * ```
 */
export async function tryRecipe(
  recipe: Recipe,
  changes: Partial<RecipeSettings> = {},
): Promise<RunSummary> {
  // Only who tries a recipe loads these.
  const [{ tinyClip }, { defineRecipe }] = await Promise.all([
    importLater<typeof import("../../scenes/tiny_clip.ts")>(
      "../../scenes/tiny_clip.ts",
      import.meta.url,
    ),
    importLater<typeof import("../../../core/define_recipe.ts")>(
      "../../../core/define_recipe.ts",
      import.meta.url,
    ),
  ]);
  const few = { model: tinyClip(), batch: 2, steps: 2 };
  const tried = defineRecipe({ ...recipe, ...few, ...changes });
  const runs = await Deno.makeTempDir();
  try {
    return await runRecipe(tried, { device: "cpu", runs });
  } finally {
    await Deno.remove(runs, { recursive: true });
  }
}
