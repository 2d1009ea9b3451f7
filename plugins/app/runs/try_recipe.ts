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
 * import { defineRecipe, objective } from "@syntagma/syntagma";
 * import { contrastive, singleCaption } from "@syntagma/syntagma/contrastive";
 * import { adamw, warmupCosine } from "@syntagma/syntagma/optimizers";
 * import { tryRecipe } from "@syntagma/syntagma/runs";
 * import { scenes, sightedClip } from "@syntagma/syntagma/scenes";
 *
 * const recipe = defineRecipe({
 *   name: "plain",
 *   description: "Contrastive training on drawn scenes",
 *   model: sightedClip(),
 *   data: scenes({ length: 5000, seed: 2 }),
 *   objectives: [objective("contrastive", singleCaption(), contrastive())],
 *   optimizer: adamw({ lr: 1e-4 }),
 *   schedule: warmupCosine({ warmup: 0 }),
 *   batch: 128,
 * });
 *
 * const { steps } = await tryRecipe(recipe, { steps: 1 });
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
