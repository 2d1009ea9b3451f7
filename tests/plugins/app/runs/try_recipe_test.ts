import { expect } from "expect";
import { tryRecipe } from "../../../../plugins/app/runs/try_recipe.ts";
import recipe from "../../../../recipes/clic_tiny.ts";

Deno.test("tryRecipe: two steps, with what is to be otherwise, and nothing is left", async () => {
  const heard: number[] = [];
  const hook = { name: "heard", options: {}, with: () => hook, onStep: () => void heard.push(1) };
  const summary = await tryRecipe(recipe, { evaluators: [], hooks: [hook] });
  expect(summary).toMatchObject({ steps: 2, completed: true, after: [] });
  expect(heard).toHaveLength(2);
  await expect(Deno.stat(summary.folder)).rejects.toThrow(Deno.errors.NotFound);
  await expect(tryRecipe(recipe, { batch: 0 })).rejects.toThrow("batch: expected");
});
