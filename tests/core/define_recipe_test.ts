import { expect } from "expect";
import type { RecipeSettings } from "../../core/recipe.ts";
import { defineRecipe } from "../../core/define_recipe.ts";
import { describeRecipe } from "../../core/describe_recipe.ts";
import { composer, loss, optimizer, settings, transformation } from "../helpers/recipe_fixture.ts";

function faultsOf(given: unknown): string[] {
  try {
    defineRecipe(given as RecipeSettings);
  } catch (error) {
    expect(error).toBeInstanceOf(RangeError);
    return (error as RangeError).message.split("\n");
  }
  return [];
}

Deno.test("defineRecipe: fills the defaults that core/recipe.ts documents", () => {
  const recipe = defineRecipe(settings());
  const given = Object.keys(settings());
  const filled = Object.entries(recipe).filter(([name]) => !given.includes(name));
  expect(Object.fromEntries(filled)).toEqual({
    warmMoments: 0,
    frozen: [],
    trained: null,
    clipNorm: null,
    average: null,
    teacher: null,
    epochs: 1,
    steps: null,
    chunk: 64,
    memory: null,
    precision: "float32",
    seed: 0,
    checkpointEvery: 500,
    evaluateEvery: 0,
    best: null,
    after: [],
    hooks: [],
  });
  const { evaluators: _, ...without } = settings();
  expect(defineRecipe(without).evaluators).toEqual([]);
});

Deno.test("defineRecipe: keeps the components as they are and takes a recipe again", () => {
  const given = settings();
  const recipe = defineRecipe(given);
  expect(recipe.optimizer).toBe(given.optimizer);
  expect(recipe.objectives[1]!.loss).toBe(given.objectives[1]!.loss);
  expect(defineRecipe(recipe)).toEqual(recipe);
});

Deno.test("defineRecipe: freezes the recipe and its lists, not what it was given", () => {
  const given = settings({ frozen: ["image"], after: [transformation()] });
  const recipe = defineRecipe(given);
  const { objectives, frozen, evaluators, after } = recipe;
  for (const part of [recipe, objectives, objectives[0], frozen, evaluators, after]) {
    expect(Object.isFrozen(part)).toBe(true);
  }
  expect(Object.isFrozen(given.objectives)).toBe(false);
  expect(Object.isFrozen(given.frozen)).toBe(false);
});

Deno.test("defineRecipe: reports all faults at once, by path", () => {
  const given = {
    ...settings(),
    name: "My Recipe",
    optimizer: { lr: 1 },
    schedule: optimizer(),
    batch: 0,
    epochs: 1.5,
    chunk: "many",
    seed: -1,
    frozen: "image",
    evaluators: [3],
    evaluateEvery: -1,
    after: [optimizer()],
    bacth: 4,
  };
  expect(faultsOf(given)).toEqual([
    'name: expected lower-case letters, digits and single hyphens, found "My Recipe"',
    "optimizer: expected an optimizer (a component with lr, slots, groups, update, with), " +
    'found {"lr":1}',
    "schedule: expected a schedule (a component with factor, with), found the component descent",
    'frozen: expected a list of parts or patterns of parameter names, found "image"',
    "batch: expected a whole number of at least 1, found 0",
    "epochs: expected a whole number of at least 1, found 1.5",
    'chunk: expected a whole number of at least 1, found "many"',
    "seed: expected a whole number of at least 0, found -1",
    "evaluators.0: expected an evaluator (a component with evaluate, with), found 3",
    "evaluateEvery: expected a whole number of at least 0, found -1",
    "after.0: expected a transformation (a component with stage, apply, with), found the " +
    "component descent",
    'bacth: there is no such setting; did you mean "batch"?',
  ]);
});

Deno.test("defineRecipe: names what is missing", () => {
  const { batch: _batch, model: _model, ...rest } = settings();
  expect(faultsOf(rest)).toEqual([
    "model: expected a model (a component with load, generate, with), found nothing",
    "batch: expected a whole number of at least 1, found nothing",
  ]);
  expect(faultsOf(undefined)).toEqual([
    "recipe: expected the settings of a recipe, found nothing",
  ]);
});

Deno.test("defineRecipe: refuses objectives that cannot work", () => {
  const needy = { ...loss(), needs: ["caption", "positive"] };
  expect(faultsOf(settings({ objectives: [] }))).toEqual([
    "objectives: expected at least one objective, found []",
  ]);
  expect(faultsOf({
    ...settings(),
    objectives: [
      { name: "a", composer: composer(), loss: needy },
      { name: "a", composer: composer(), loss: loss() },
    ],
  })).toEqual([
    "objectives.0.loss: expected a loss on text groups that pairs provides (caption, negative), " +
    'found "positive"',
    'objectives.1.name: expected a name of its own, found "a"',
  ]);
  // Overrides find objectives by name or index, so a name must not look like a path or an index.
  for (const name of ["0", "a.b", "a=b", ""]) {
    const objectives = [{ name, composer: composer(), loss: loss() }];
    expect(faultsOf({ ...settings(), objectives })[0]).toContain("objectives.0.name: expected");
  }
  expect(faultsOf({ ...settings(), objectives: [{ name: "a", composer: loss(), loss: 1 }] }))
    .toEqual([
      "objectives.0.composer: expected a composer (a component with groups, rows, compose, with), " +
      "found the component contrast",
      "objectives.0.loss: expected a loss (a component with needs, compute, with), found 1",
    ]);
});

Deno.test("defineRecipe: the stages of transformations are told apart, by names that files can have", () => {
  const stages = (...names: string[]) =>
    settings({ after: names.map((stage) => ({ ...transformation(), stage })) });
  expect(faultsOf(stages("patch-0.6", "patch-0.7"))).toEqual([]);
  expect(faultsOf(stages("after", "patch-0.6", "patch-0.6", "step-3", "a/b", "a b"))).toEqual([
    'after.0: expected a stage of its own, found "after"',
    'after.2: expected a stage of its own, found "patch-0.6"',
    'after.3: expected a stage of its own, found "step-3"',
    'after.4: expected a stage of letters, digits and . + @ = - _, found "a/b"',
    'after.5: expected a stage of letters, digits and . + @ = - _, found "a b"',
  ]);
});

Deno.test("describeRecipe: gives every setting and option as JSON", () => {
  const described = describeRecipe(
    defineRecipe(settings({ frozen: ["image"], steps: 7, after: [transformation()] })),
  );
  const pairs = { name: "pairs", preset: "plain" };
  const contrast = { name: "contrast", uniModal: 1 };
  expect(JSON.parse(JSON.stringify(described))).toEqual({
    name: "toy-recipe",
    description: "A recipe for tests.",
    model: { name: "toy", width: 8 },
    data: { name: "table", path: "captions.csv" },
    objectives: [
      { name: "clic", composer: pairs, loss: contrast },
      { name: "plain", composer: pairs, loss: contrast },
    ],
    optimizer: { name: "descent", lr: 0.1, lowest: 0, betas: [0.9, 0.999] },
    schedule: { name: "flat" },
    warmMoments: 0,
    frozen: ["image"],
    trained: null,
    clipNorm: null,
    average: null,
    teacher: null,
    batch: 4,
    epochs: 1,
    steps: 7,
    chunk: 64,
    memory: null,
    precision: "float32",
    seed: 0,
    checkpointEvery: 500,
    evaluators: [{ name: "quiz", items: 10 }],
    evaluateEvery: 0,
    best: null,
    after: [{ name: "blend", alpha: 0.5 }],
    hooks: [],
  });
});
