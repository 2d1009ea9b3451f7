import { expect } from "expect";
import { defineRecipe } from "../../../../core/define_recipe.ts";
import { defineStudy } from "../../../../core/study.ts";
import { sweepArms } from "../../../../plugins/app/studies/sweep_arms.ts";
import tinyRun from "../../../fixtures/tiny_run.ts";

const recipe = defineRecipe({ ...tinyRun, steps: 2 });

Deno.test("sweepArms: every combination of values is an arm, the last setting's values first", () => {
  const study = sweepArms(recipe, ["optimizer.lr=1e-6,3e-6", "batch=4,8"], 2);
  expect(study.seeds).toEqual([0, 1]);
  expect(study.arms.map(({ name, recipe }) => [name, recipe.optimizer.options["lr"], recipe.batch]))
    .toEqual([
      ["lr-1e-6-batch-4", 1e-6, 4],
      ["lr-1e-6-batch-8", 1e-6, 8],
      ["lr-3e-6-batch-4", 3e-6, 4],
      ["lr-3e-6-batch-8", 3e-6, 8],
    ]);
});

Deno.test("sweepArms: of a study each arm, and without values the study as it is", () => {
  const study = defineStudy({
    name: "two",
    description: "Two.",
    arms: [{ name: "a", recipe }, { name: "b", recipe }],
    seeds: [5],
  });
  expect(sweepArms(study, []).arms.map(({ name }) => name)).toEqual(["a", "b"]);
  const swept = sweepArms(study, ["seed=1,2"]);
  expect(swept.arms.map(({ name }) => name)).toEqual([
    "a-seed-1",
    "a-seed-2",
    "b-seed-1",
    "b-seed-2",
  ]);
  expect(swept.seeds).toEqual([5]);
  expect(sweepArms(recipe, []).seeds).toEqual([0, 1, 2]);
});

Deno.test("sweepArms: lists are values, and paths that end alike are named whole", () => {
  const frozen = sweepArms(recipe, ["frozen=[],[image],[image,logitScale]"], 1);
  expect(frozen.arms.map(({ name, recipe }) => [name, recipe.frozen])).toEqual([
    ["frozen", []],
    ["frozen-image", ["image"]],
    ["frozen-image-logitscale", ["image", "logitScale"]],
  ]);
  const same = sweepArms(recipe, [
    "optimizer.betas.0=0.8,0.9",
    "optimizer.betas.1=0.98",
    "data.seed=0",
  ], 1);
  expect(same.arms.map(({ name }) => name)).toEqual([
    "0-0-8-1-0-98-seed-0",
    "0-0-9-1-0-98-seed-0",
  ]);
});

Deno.test("sweepArms: what is no setting or no value of it is refused", () => {
  for (
    const sweep of ["optimizer.lr", "optimizer.lr=", "optimizer.lr=1e-6,,2e-6", "=1", "batch=4,4"]
  ) {
    expect(() => sweepArms(recipe, [sweep])).toThrow("a setting with different values");
  }
  expect(() => sweepArms(recipe, ["optimizer.rl=1,2"])).toThrow("optimizer.rl");
  expect(() => sweepArms(recipe, ["batch=4,0"])).toThrow("batch");
});
