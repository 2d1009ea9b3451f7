import { expect } from "expect";
import { isStudy, type Study } from "../../../../core/study.ts";
import type { Recipe } from "../../../../core/recipe.ts";
import { overridePlanned } from "../../../../plugins/app/cli/load_recipe.ts";
import recipe from "../../../../recipes/clic_tiny.ts";
import study from "../../../../recipes/study_tiny.ts";

Deno.test("overridePlanned: changes a recipe, or all arms of a study, whose seeds stay", () => {
  expect((overridePlanned(recipe, ["batch=8"]) as Recipe).batch).toBe(8);
  const changed = overridePlanned(study, ["batch=8"]) as Study;
  expect(isStudy(changed)).toBe(true);
  expect(changed.arms.map((each) => each.recipe.batch)).toEqual(study.arms.map(() => 8));
  expect(changed.seeds).toEqual(study.seeds);
});
