import { expect } from "expect";
import type { Component } from "../../core/component.ts";
import { describeRecipe } from "../../core/describe_recipe.ts";
import { joinPlugins } from "../../core/join_plugins.ts";
import { overrideRecipe } from "../../core/override.ts";
import type { Recipe } from "../../core/recipe.ts";
import { isStudy, type Study } from "../../core/study.ts";
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

/** The recipes that a name stands for. */
async function recipesOf(name: string): Promise<readonly Recipe[]> {
  const loaded = (await recipes[name]!.load()).default as Recipe | Study;
  return isStudy(loaded) ? loaded.arms.map(({ recipe }) => recipe) : [loaded];
}

Deno.test("describeRecipe: every component of every recipe comes back from its JSON", async () => {
  let count = 0;
  for (const name of Object.keys(recipes)) {
    for (const recipe of await recipesOf(name)) {
      const { model, data, objectives, optimizer, schedule, evaluators, after } = recipe;
      const components: Component[] = [
        ...[model, data, optimizer, schedule, ...evaluators, ...after],
        ...objectives.flatMap(({ composer, loss }) => [composer, loss]),
      ];
      for (const component of components) {
        const written = JSON.parse(JSON.stringify(component.options));
        expect(written).toEqual(component.options);
        expect(component.with(written).options).toEqual(component.options);
        count++;
      }
    }
  }
  expect(count).toBeGreaterThan(100);
});

Deno.test("overrideRecipe: a preset deep inside takes along what was not given beside it", async () => {
  const [recipe] = await recipesOf("negclip-vitb32");
  const negativesOf = (each: Recipe) => each.objectives[0]!.composer.options["negatives"];
  expect(negativesOf(recipe!)).toMatchObject({ preset: "released", symmetric: "keep" });
  const path = "objectives.negclip.composer.negatives";
  const strict = overrideRecipe(recipe!, [`${path}.preset=strict`]);
  expect(negativesOf(strict)).toEqual({
    name: "negclipSwaps",
    preset: "strict",
    symmetric: "drop",
    articles: "mend",
    tagger: "wink",
  });
  const mixed = overrideRecipe(recipe!, [`${path}.preset=strict`, `${path}.articles=keep`]);
  expect(negativesOf(mixed)).toMatchObject({ symmetric: "drop", articles: "keep" });
  expect(describeRecipe(overrideRecipe(recipe!, []))).toEqual(describeRecipe(recipe!));
  expect(() => overrideRecipe(recipe!, [`${path}.symetric=keep`, "evaluators.0.limt=3"])).toThrow(
    `evaluators.sugarCrepe.limt: there is no such setting; did you mean "evaluators.sugarCrepe.limit"?`,
  );
});
