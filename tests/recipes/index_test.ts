import { expect } from "expect";
import { joinPlugins } from "../../core/join_plugins.ts";
import type { Recipe } from "../../core/recipe.ts";
import { plugins } from "../../plugins/index.ts";

const { recipes } = joinPlugins(plugins);

Deno.test("plugins: bring every file of recipes/ under the name that the file suggests", () => {
  const files = [...Deno.readDirSync(new URL("../../recipes", import.meta.url))]
    .map((entry) => entry.name)
    .filter((name) => name.endsWith(".ts"));
  const suggested = files.map((file) => file.slice(0, -3).replaceAll("_", "-"));
  expect(Object.keys(recipes).sort()).toEqual(suggested.sort());
});

Deno.test("plugins: give names and descriptions as the recipes themselves do", async () => {
  for (const [name, entry] of Object.entries(recipes)) {
    const recipe = (await entry.load()).default as Recipe;
    expect({ name, description: entry.description })
      .toEqual({ name: recipe.name, description: recipe.description });
  }
});
