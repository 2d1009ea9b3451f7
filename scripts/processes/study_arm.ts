/**
 * An arm of the recipe `study-tiny` by itself, CE-CLIP's or the one that the variable `ARM` names:
 *
 *     ARM=degla deno run -A scripts/compare_processes.ts --recipe ./scripts/processes/study_arm.ts
 *
 * @module
 */
import type { Recipe } from "../../core/recipe.ts";
import study from "../../recipes/study_tiny.ts";

const wanted = Deno.env.get("ARM") ?? "ce-clip";
const arm = study.arms.find(({ name }) => name === wanted);
if (arm === undefined) {
  const names = study.arms.map(({ name }) => name).join(", ");
  throw new RangeError(`ARM: expected one of ${names}, found ${wanted}`);
}

const recipe: Recipe = arm.recipe;
export default recipe;
