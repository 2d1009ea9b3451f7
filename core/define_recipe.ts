import { z } from "zod";
import { checkValue } from "./check_options.ts";
import { type Component, isComponent } from "./component.ts";
import type { DataSource } from "./dataset.ts";
import type { Evaluator } from "./evaluator.ts";
import type { AnyLoss } from "./loss.ts";
import type { ModelFeature, ModelSource } from "./model.ts";
import type { Hook } from "./hooks.ts";
import type { AnyComposer, AnyObjective } from "./objective.ts";
import type { Optimizer, Schedule } from "./optimizer.ts";
import type { Recipe, RecipeSettings } from "./recipe.ts";
import { SettingsError } from "./settings_error.ts";
import type { Transformation } from "./transformation.ts";

/**
 * A recipe whose settings were checked, with defaults filled in; frozen. Nothing is loaded or
 * opened yet.
 *
 * Beyond each setting by itself this holds what the types of a recipe file hold when it is
 * type-checked, since `deno run` does not: that each component fits its place, and that a loss
 * finds the groups that it needs and what else it asks for.
 *
 * @example
 * ```ts
 * import { defineRecipe, type RecipeSettings } from "@syntagma/syntagma";
 *
 * try {
 *   defineRecipe({ name: "My recipe", batch: 0 } as RecipeSettings);
 * } catch (fault) {
 *   const lines = (fault as RangeError).message.split("\n");
 *   console.assert(lines.includes("batch: expected a whole number of at least 1, found 0"));
 * }
 * ```
 *
 * @throws {SettingsError} with one line for each fault: its path, what was expected, what was found.
 */
export function defineRecipe<Feature extends ModelFeature>(
  settings: RecipeSettings<Feature>,
): Recipe {
  const { value, faults } = checkValue(recipeSchema, settings);
  if (faults !== undefined) {
    const isWhole = faults.some(({ path }) => path.length === 0);
    throw new SettingsError(faults, isWhole ? "recipe" : undefined);
  }
  // Checked just now, which the types of what zod gives do not say.
  const recipe = value as Recipe;
  Object.freeze(recipe.frozen);
  Object.freeze(recipe.trained);
  Object.freeze(recipe.average);
  Object.freeze(recipe.best);
  Object.freeze(recipe.evaluators);
  Object.freeze(recipe.after);
  Object.freeze(recipe.hooks);
  Object.freeze(recipe.objectives);
  recipe.objectives.forEach((each) => Object.freeze(each));
  return Object.freeze(recipe);
}

/** What is expected, at whatever way a value misses the mark. */
function expected(what: string): { error: string } {
  return { error: what };
}

function wholeNumber(least: number): z.ZodType<number> {
  const rule = expected(`a whole number of at least ${least}`);
  return z.int(rule).min(least, rule);
}

function text(what: string, pattern: RegExp): z.ZodType<string> {
  const rule = expected(what);
  return z.string(rule).regex(pattern, rule);
}

/** A component that has the members by which its kind is known. */
function component<C extends Component>(kind: string, ...members: (keyof C & string)[]) {
  return z.custom<C>(
    (value) => isComponent(value) && members.every((name) => name in value),
    // Without `abort` the checks of the whole objective would read members that are not there.
    { ...expected(`${kind} (a component with ${[...members, "with"].join(", ")})`), abort: true },
  );
}

const objectiveSchema = z.strictObject({
  name: text("a name without dots or equals signs that is no number", /^(?!\d+$)[^.=\s]+$/),
  composer: component<AnyComposer>("a composer", "groups", "rows", "compose"),
  loss: component<AnyLoss>("a loss", "needs", "compute"),
}, expected("an objective(name, composer, loss)")).superRefine(({ composer, loss }, context) => {
  const compare = (kind: string, groups: object, needs: readonly string[]) => {
    const provided = Object.keys(groups);
    for (const group of needs.filter((each) => !provided.includes(each))) {
      context.addIssue({
        code: "custom",
        path: ["loss"],
        message: `a loss on ${kind} that ${composer.name} provides (${
          provided.length === 0 ? "none" : provided.join(", ")
        })`,
        params: { found: group },
      });
    }
  };
  compare("text groups", composer.groups, [...loss.needs, ...Object.keys(loss.reads ?? {})]);
  compare("groups of pictures", composer.pictures ?? {}, loss.pictures ?? []);
});

const patterns = () =>
  z.array(
    text("a part or a pattern of parameter names", /\S/),
    expected("a list of parts or patterns of parameter names"),
  );

const decay = expected("a number from 0 to below 1");

const recipeSchema = z.strictObject({
  name: text("lower-case letters, digits and single hyphens", /^[a-z0-9]+(-[a-z0-9]+)*$/),
  description: text("one line of text", /^\S.*$/),
  model: component<ModelSource>("a model", "load", "generate"),
  data: component<DataSource>("a data source", "open"),
  objectives: z.array(objectiveSchema, expected("a list of objectives"))
    .min(1, expected("at least one objective"))
    .superRefine(checkNames),
  optimizer: component<Optimizer>("an optimizer", "lr", "slots", "groups", "update"),
  schedule: component<Schedule>("a schedule", "factor"),
  warmMoments: wholeNumber(0).default(0),
  frozen: patterns().default([]),
  trained: patterns().min(1, expected("at least one part or pattern")).nullable().default(null),
  clipNorm: z.number(expected("a number above 0")).positive(expected("a number above 0")).nullable()
    .default(null),
  average: z.strictObject(
    { decay: z.number(decay).min(0, decay).lt(1, decay) },
    expected("{ decay }"),
  ).nullable().default(null),
  teacher: component<ModelSource>("a model", "load", "generate").nullable()
    .default(null),
  batch: wholeNumber(1),
  epochs: wholeNumber(1).default(1),
  steps: wholeNumber(1).nullable().default(null),
  chunk: wholeNumber(1).default(64),
  memory: z.number(expected("a number of at least 0")).min(0, expected("a number of at least 0"))
    .nullable().default(null),
  precision: z.enum(["float32", "float16"], expected('"float32" or "float16"')).default("float32"),
  seed: wholeNumber(0).default(0),
  checkpointEvery: wholeNumber(0).default(500),
  evaluators: z.array(
    component<Evaluator>("an evaluator", "evaluate"),
    expected("a list of evaluators"),
  ).default([]),
  evaluateEvery: wholeNumber(0).default(0),
  best: z.strictObject({
    dataset: text("the name of a data set", /\S/),
    metric: text("the name of a metric", /\S/).exactOptional(),
    patience: wholeNumber(1).exactOptional(),
  }, expected("{ dataset, metric, patience }")).nullable().default(null),
  after: z.array(
    component<Transformation>("a transformation", "stage", "apply"),
    expected("a list of transformations"),
  ).superRefine(checkStages).default([]),
  hooks: z.array(component<Hook>("a hook"), expected("a list of hooks")).default([]),
}, expected("the settings of a recipe"))
  .superRefine(checkExtras).superRefine(checkAverage).superRefine(checkBest);

/** That losses ask for nothing that neither the model nor the run gives. */
function checkExtras(
  { model, objectives, average }: {
    readonly model: ModelSource;
    readonly objectives: readonly AnyObjective[];
    readonly average: Recipe["average"];
  },
  context: z.RefinementCtx,
): void {
  const gives = model.gives ?? {};
  objectives.forEach(({ loss }, index) => {
    for (const extra of loss.extras ?? []) {
      const given = extra === "frozen" || extra === "read" || extra === "example"
        ? undefined
        : extra === "averaged"
        ? average === null ? "what recipes with the setting average give" : undefined
        : extra in gives
        ? undefined
        : `what ${model.name} gives beyond embeddings (${
          Object.keys(gives).join(", ") || "nothing"
        })`;
      if (given === undefined) continue;
      context.addIssue({
        code: "custom",
        path: ["objectives", index, "loss"],
        message: `a loss that asks for ${given}`,
        params: { found: extra },
      });
    }
  });
}

/** That averages are kept where a transformation takes them. */
function checkAverage(
  { after, average }: Pick<Recipe, "after" | "average">,
  context: z.RefinementCtx,
): void {
  after.forEach(({ needsAverage, stage }, index) => {
    if (average !== null || !needsAverage) return;
    context.addIssue({
      code: "custom",
      path: ["after", index],
      message: "a transformation that recipes without the setting average can do",
      params: { found: stage },
    });
  });
}

/** That there are scores to find the best model by. */
function checkBest(
  { best, evaluateEvery, evaluators }: Pick<Recipe, "best" | "evaluateEvery" | "evaluators">,
  context: z.RefinementCtx,
): void {
  if (best === null || evaluateEvery > 0 && evaluators.length > 0) return;
  context.addIssue({
    code: "custom",
    path: ["best"],
    message: "null without evaluators and evaluateEvery, which give the scores",
    params: { found: best.dataset },
  });
}

function checkNames(objectives: readonly AnyObjective[], context: z.RefinementCtx): void {
  objectives.forEach(({ name }, index) => {
    if (objectives.findIndex((other) => other.name === name) === index) return;
    context.addIssue({
      code: "custom",
      path: [index, "name"],
      message: "a name of its own",
    });
  });
}

/** Stages that every run has, and those of evaluations during training. */
const OWN_STAGES = /^(before|after|step-.*)$/;

function checkStages(after: readonly Transformation[], context: z.RefinementCtx): void {
  after.forEach(({ stage }, index) => {
    const expected = !/^[\p{L}\p{N}.+@=_-]+$/u.test(stage)
      ? "a stage of letters, digits and . + @ = - _"
      : OWN_STAGES.test(stage) || after.findIndex((other) => other.stage === stage) !== index
      ? "a stage of its own"
      : undefined;
    if (expected === undefined) return;
    context.addIssue({
      code: "custom",
      path: [index],
      message: expected,
      params: { found: stage },
    });
  });
}
