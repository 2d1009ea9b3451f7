import type { JsonObject } from "../../../core/component.ts";
import { readManifest } from "../runs/run_folder.ts";
import type { FactoryModule } from "./factories.ts";
import { recipeSource } from "./recipe_source.ts";

/** A run's recipe as source text. */
export interface RunRecipe {
  /** The text of the module. */
  readonly text: string;
  /** The folder that relative paths of it start from: where the run began. Undefined if unknown. */
  readonly folder: string | undefined;
}

/**
 * The recipe of a run, with the settings that it resolved to.
 *
 * @param others Modules of other packages whose components it may have.
 * @throws {RangeError} if the folder is that of no run, or the recipe has a component that is neither
 *   this package's nor exported by one of the others or listed by its plugin.
 */
export async function recipeOfRun(
  run: string,
  others: readonly FactoryModule[] = [],
): Promise<RunRecipe> {
  const { recipe, source, arms } = await readManifest(run);
  if (arms !== undefined || typeof recipe !== "object" || recipe === null) {
    throw new RangeError(`${run}: expected the folder of a run; of a study name that of one arm`);
  }
  const { recipe: name, overrides, folder } = (source ?? {}) as JsonObject;
  const words = [name, ...Array.isArray(overrides) ? overrides : []];
  const command = typeof name === "string" ? words.join(" ").replaceAll("*/", "*\\/") : "a script";
  try {
    const comment = `The settings of a run of ${command}.`;
    const text = await recipeSource(recipe as JsonObject, comment, others);
    return { text, folder: typeof folder === "string" ? folder : undefined };
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    const again = typeof name === "string" ? `; the run can be repeated by: recipe ${command}` : "";
    throw new RangeError(`${run}: ${error.message}${again}`, { cause: error });
  }
}
