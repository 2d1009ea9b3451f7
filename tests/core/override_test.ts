import { expect } from "expect";
import { defineRecipe } from "../../core/define_recipe.ts";
import { overrideRecipe } from "../../core/override.ts";
import { BENCHMARKS } from "../../plugins/benchmarks/registry.ts";
import { evaluator, otherEvaluator, settings, transformation } from "../helpers/recipe_fixture.ts";

const recipe = defineRecipe(settings());

function faultsOf(...assignments: string[]): string[] {
  try {
    overrideRecipe(recipe, assignments);
  } catch (error) {
    expect(error).toBeInstanceOf(RangeError);
    return (error as RangeError).message.split("\n");
  }
  return [];
}

Deno.test("overrideRecipe: changes settings and options of components", () => {
  const changed = overrideRecipe(recipe, [
    "batch=64",
    'frozen=["image"]',
    "steps=null",
    "optimizer.lr=3e-6",
    "optimizer.lowest=-1",
    "data.path=/x/captions.csv",
    "objectives.clic.loss.uniModal=0.5",
    "objectives.1.composer.preset=strict",
    "evaluators.quiz.items=100",
  ]);
  expect(changed.batch).toBe(64);
  expect(changed.frozen).toEqual(["image"]);
  expect(changed.steps).toBe(null);
  expect(changed.optimizer.options).toEqual({ lr: 3e-6, lowest: -1, betas: [0.9, 0.999] });
  expect(changed.data.options).toEqual({ path: "/x/captions.csv" });
  expect(changed.objectives.map((each) => each.loss.options.uniModal)).toEqual([0.5, 1]);
  expect(changed.objectives.map((each) => each.composer.options.preset))
    .toEqual(["plain", "strict"]);
  expect(changed.evaluators[0]!.options).toEqual({ items: 100 });
  expect(changed.model).toBe(recipe.model);
  expect(recipe.batch).toBe(4);
});

Deno.test("overrideRecipe: a list of names keeps those evaluators and transformations", () => {
  const components = { evaluators: [evaluator(), otherEvaluator()], after: [transformation()] };
  const two = defineRecipe(settings(components));
  const keep = (...assignments: string[]) => {
    const { evaluators, after } = overrideRecipe(two, assignments);
    return [...evaluators, ...after].map(({ name, options }) => [name, options]);
  };
  const [quiz, test, blend] = keep();
  expect(keep("evaluators=[]")).toEqual([blend]);
  expect(keep("after=[]")).toEqual([quiz, test]);
  expect(keep('evaluators=["test"]', "evaluators.test.items=3"))
    .toEqual([["test", { items: 3 }], blend]);
  expect(keep('evaluators=["test","quiz"]')).toEqual([quiz, test, blend]);
  const fault = (assignment: string) => {
    expect(() => overrideRecipe(two, [assignment])).toThrow(RangeError);
    try {
      overrideRecipe(two, [assignment]);
    } catch (error) {
      return (error as Error).message;
    }
  };
  for (const list of ["quiz", "[quiz]"]) {
    expect(keep(`evaluators=${list}`, "after=none")).toEqual([quiz]);
  }
  expect(keep("evaluators=quiz,test", "after=blend")).toEqual([quiz, test, blend]);
  expect(keep("evaluators=none")).toEqual([blend]);
  expect(overrideRecipe(two, ["frozen=image,logit_scale"]).frozen).toEqual([
    "image",
    "logit_scale",
  ]);
  expect(overrideRecipe(two, ["frozen=none"]).frozen).toEqual([]);
  expect(fault("evaluators=3"))
    .toBe('evaluators: expected a list of names such as ["quiz"], found 3');
  expect(fault('evaluators=["quizz"]'))
    .toBe('evaluators: expected some of quiz, test, found "quizz"; did you mean "quiz"?');
});

Deno.test("overrideRecipe: takes JSON where it parses, else text, and keeps later equals signs", () => {
  expect(overrideRecipe(recipe, ['data.path="12"']).data.options.path).toBe("12");
  expect(overrideRecipe(recipe, ["data.path=a=b.csv"]).data.options.path).toBe("a=b.csv");
});

Deno.test("overrideRecipe: of two assignments to one path the later one holds", () => {
  expect(overrideRecipe(recipe, ["batch=8", "batch=16"]).batch).toBe(16);
  expect(overrideRecipe(recipe, ["optimizer.lr=1", "optimizer.lr=2"]).optimizer.options.lr).toBe(2);
});

Deno.test("overrideRecipe: sets what is within a setting, where it is null as well", () => {
  const best = (base: typeof recipe, ...assignments: string[]) =>
    overrideRecipe(base, ["evaluateEvery=5", ...assignments]).best;
  expect(recipe.best).toBe(null);
  const found = best(recipe, "best.dataset=quiz", "best.patience=3");
  expect(found).toEqual({ dataset: "quiz", patience: 3 });
  const set = defineRecipe({ ...recipe, evaluateEvery: 5, best: found });
  expect(best(set, "best.metric=acc")).toEqual({ dataset: "quiz", patience: 3, metric: "acc" });
  expect(best(set, "best=null", "best.dataset=test")).toEqual({ dataset: "test" });
  expect(overrideRecipe(recipe, ["average.decay=0.5"]).average).toEqual({ decay: 0.5 });
  expect(faultsOf("best.patience=3")).toEqual([
    "best.dataset: expected the name of a data set, found nothing",
  ]);
  expect(faultsOf("best.datset=quiz"))
    .toEqual(['best.datset: there is no such setting; did you mean "best.dataset"?']);
});

Deno.test("overrideRecipe: any recipe warms moments and trains chosen layers", () => {
  const changed = overrideRecipe(recipe, [
    "warmMoments=200",
    "trained=transformer.resblocks.0.*,logit_scale",
  ]);
  expect(changed).toMatchObject({
    warmMoments: 200,
    trained: ["transformer.resblocks.0.*", "logit_scale"],
  });
  expect(overrideRecipe(changed, ["trained=null"]).trained).toBe(null);
  expect(faultsOf("warmMoments=-1"))
    .toEqual(["warmMoments: expected a whole number of at least 0, found -1"]);
});

Deno.test("overrideRecipe: reaches inside an option", () => {
  const changed = overrideRecipe(recipe, ["optimizer.betas.1=0.98", "optimizer.betas.0=0.8"]);
  expect(changed.optimizer.options.betas).toEqual([0.8, 0.98]);
  expect(faultsOf("optimizer.betas.2=1")).toHaveLength(1);
  expect(faultsOf("optimizer.betas.length=1")).toHaveLength(1);
  expect(faultsOf("optimizer.lr.x=1")).toHaveLength(1);
});

Deno.test("overrideRecipe: options of a component that depend on each other change together", () => {
  // lowest < lr: neither 0.5 first with lr 0.1 nor any order of single changes need be valid.
  const changed = overrideRecipe(recipe, ["optimizer.lowest=0.5", "optimizer.lr=1"]);
  expect(changed.optimizer.options).toMatchObject({ lowest: 0.5, lr: 1 });
  expect(faultsOf("optimizer.lowest=0.5"))
    .toEqual(["optimizer.lowest: expected less than lr, found 0.5"]);
});

Deno.test("overrideRecipe: sets an option that has no default", () => {
  expect(overrideRecipe(recipe, ["model.revision=abc"]).model.options)
    .toEqual({ width: 8, revision: "abc" });
  expect(faultsOf("model.revision=3"))
    .toEqual(["model.revision: expected text, found 3"]);
});

Deno.test("overrideRecipe: suggests the nearest path for one that leads nowhere", () => {
  expect(faultsOf("optimiser.lr=1"))
    .toEqual(['optimiser.lr: there is no such setting; did you mean "optimizer.lr"?']);
  expect(faultsOf("optimizer.lrr=1"))
    .toEqual(['optimizer.lrr: there is no such setting; did you mean "optimizer.lr"?']);
  expect(faultsOf("objectives.clik.loss.uniModal=1")).toEqual([
    "objectives.clik.loss.uniModal: there is no such setting; did you mean " +
    '"objectives.clic.loss.uniModal"?',
  ]);
  expect(faultsOf("batsch=1"))
    .toEqual(['batsch: there is no such setting; did you mean "batch"?']);
  expect(faultsOf("wholly.unlike.anything.else.here=1"))
    .toEqual(["wholly.unlike.anything.else.here: there is no such setting"]);
  expect(faultsOf("optimizer=adamw"))
    .toEqual(['optimizer: expected one of its settings, such as optimizer.lr=…, found "adamw"']);
  expect(faultsOf("constructor=1", "optimizer.constructor=1")).toHaveLength(2);
});

Deno.test("overrideRecipe: names path, expected and found of all values that do not fit", () => {
  expect(faultsOf(
    "batch=many",
    "optimizer.lr=fast",
    "objectives.0.composer.preset=loose",
    "evaluators.0.items=0",
    "seed",
  )).toEqual([
    'expected a setting of the form path=value, found "seed"',
    'objectives.clic.composer.preset: expected one of "plain", "strict", found "loose"',
    'optimizer.lr: expected a number, found "fast"',
    "evaluators.quiz.items: expected a number of at least 1, found 0",
    'batch: expected a whole number of at least 1, found "many"',
  ]);
});

Deno.test("overrideRecipe: tells evaluators of one name apart by index", () => {
  const two = defineRecipe(settings({ evaluators: [evaluator(), evaluator({ items: 5 })] }));
  const changed = overrideRecipe(two, ["evaluators.1.items=7"]);
  expect(changed.evaluators.map((each) => each.options.items)).toEqual([10, 7]);
  expect(() => overrideRecipe(two, ["evaluators.quiz.items=7"])).toThrow(
    'evaluators.quiz.items: there is no such setting; did you mean "evaluators.0.items"?',
  );
});

Deno.test("overrideRecipe: reaches transformations by name or index", () => {
  const one = defineRecipe(settings({ after: [transformation()] }));
  expect(overrideRecipe(one, ["after.blend.alpha=0.25"]).after[0]!.options.alpha).toBe(0.25);
  expect(overrideRecipe(one, ["after.0.alpha=0.75"]).after[0]!.options.alpha).toBe(0.75);
  expect(() => overrideRecipe(one, ["after.blend.alpha=2"]))
    .toThrow("after.blend.alpha: expected a number of at most 1, found 2");
});

Deno.test("overrideRecipe: finds a benchmark by its factory's name and by that of the command line", () => {
  const options = { images: "pictures", annotations: "annotations" };
  const [net, pairs, texts] = [
    BENCHMARKS["imagenet1k"]!.create({ images: "imagenet" }),
    BENCHMARKS["sugar_crepe_pp"]!.create(options),
    BENCHMARKS["sugar_crepe_pp_text"]!.create({ annotations: "annotations" }),
  ] as const;
  const three = defineRecipe(settings({ evaluators: [net!, pairs!, texts!] }));
  const kept = (assignment: string) =>
    overrideRecipe(three, [assignment]).evaluators.map((each) => three.evaluators.indexOf(each));
  for (const name of ["imagenet1k", "zeroShotImageNet", "zero_shot_imagenet"]) {
    expect([name, kept(`evaluators=${name}`)]).toEqual([name, [0]]);
  }
  expect(kept("evaluators=sugar_crepe_pp_text,imagenet1k")).toEqual([0, 2]);
  expect(kept("evaluators=sugar_crepe_pp")).toEqual([1, 2]);
  const limits = (path: string) =>
    overrideRecipe(three, [`evaluators.${path}.limit=3`]).evaluators
      .map(({ options }) => options.limit);
  expect(limits("imagenet1k")).toEqual([3, null, null]);
  expect(limits("zeroShotImageNet")).toEqual([3, null, null]);
  expect(limits("sugar_crepe_pp_text")).toEqual([null, null, 3]);
  // Every one that commands know is found by the name that they know it by.
  for (const [id, entry] of Object.entries(BENCHMARKS)) {
    const folders = Object.fromEntries(
      entry.takes.flatMap((option) => option in options ? [[option, option]] : []),
    );
    const only = defineRecipe(settings({ evaluators: [entry.create(folders)] }));
    expect([id, overrideRecipe(only, [`evaluators=${id}`]).evaluators.length]).toEqual([id, 1]);
  }
});
