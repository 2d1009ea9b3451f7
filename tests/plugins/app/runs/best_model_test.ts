import { expect } from "expect";
import { z } from "zod";
import { defineComponent } from "../../../../core/define_component.ts";
import { defineRecipe } from "../../../../core/define_recipe.ts";
import type { Evaluation, Evaluator } from "../../../../core/evaluator.ts";
import type { Hooks } from "../../../../core/hooks.ts";
import { objective } from "../../../../core/objective.ts";
import { openSafetensors } from "../../../../core/host/storage/safetensors.ts";
import type { RecipeSettings } from "../../../../core/recipe.ts";
import { constant } from "../../../../core/training/optimizers/constant.ts";
import { sgd } from "../../../../core/training/optimizers/sgd.ts";
import { scoreOf } from "../../../../plugins/app/runs/best_model.ts";
import { runRecipe } from "../../../../plugins/app/runs/run.ts";
import { contrastive } from "../../../../plugins/contrastive/contrastive.ts";
import { singleCaption } from "../../../../plugins/contrastive/single_caption.ts";
import { scenes } from "../../../../plugins/scenes/scenes.ts";
import { tinyClip } from "../../../../plugins/scenes/tiny_clip.ts";
import { withFolder } from "../../../helpers/with_folder.ts";

const evaluationOf = (score: number): Evaluation => ({
  ...{ dataset: "quiz", task: "t", metrics: { acc: score, other: 1 - score } },
  ...{ items: 1, headline: "acc" },
});

/** Scores as a model's would come and go: before training, after each step, after training. */
function quiz(course: number[]): Evaluator {
  const make: () => Evaluator = defineComponent({
    name: "quiz",
    schema: z.strictObject({}),
    make: () => ({ evaluate: () => Promise.resolve([evaluationOf(course.shift() ?? 0.05)]) }),
  });
  return make();
}

const settings = (changes: Partial<RecipeSettings>): RecipeSettings => ({
  ...{
    name: "best",
    description: "For a test",
    model: tinyClip(),
    data: scenes({ length: 20, seed: 1 }),
  },
  objectives: [objective("contrastive", singleCaption(), contrastive())],
  ...{ optimizer: sgd({ lr: 0.01 }), schedule: constant(), frozen: ["image"], batch: 4, steps: 8 },
  ...{ checkpointEvery: 1, evaluateEvery: 1 },
  ...changes,
});

async function valuesIn(run: string): Promise<Float32Array> {
  const file = await openSafetensors(`${run}/model/open_clip_model.safetensors`);
  return await file.readFloat32("text_projection");
}

Deno.test("best: the model that scored best is what the run gives, training ends without hope, and a resumed run agrees", () =>
  withFolder(async (runs) => {
    const best = { dataset: "quiz", patience: 2 };
    // Step 2 is the best; 3 and 4 are no better.
    const course = () => [0.1, 0.2, 0.5, 0.5, 0.3, 0.9];
    const common = { device: "cpu", runs, hooks: [] } as const;
    const whole = await runRecipe(
      defineRecipe(settings({ best, evaluators: [quiz(course())] })),
      common,
    );
    expect(whole).toMatchObject({ completed: true, steps: 4 });
    // The schedule is constant: two steps of a run of two are the first two of eight.
    const two = await runRecipe(
      defineRecipe(settings({ steps: 2, evaluateEvery: 0, evaluators: [] })),
      common,
    );
    expect(await valuesIn(whole.folder)).toEqual(await valuesIn(two.folder));

    const controller = new AbortController();
    const stop: Hooks = {
      name: "stop",
      onStep: ({ step }) => {
        if (step === 3) controller.abort();
      },
    };
    const evaluators = [quiz(course())];
    const recipe = defineRecipe(settings({ best, evaluators }));
    const first = await runRecipe(recipe, { ...common, hooks: [stop], signal: controller.signal });
    expect(first).toMatchObject({ completed: false, steps: 3 });
    const again = await runRecipe(recipe, { ...common, resume: first.folder });
    expect(again).toMatchObject({ completed: true, steps: 4 });
    expect(await valuesIn(again.folder)).toEqual(await valuesIn(whole.folder));
  }));

Deno.test("best: needs scores, and names that the scores have", async () => {
  const best = { dataset: "quiz" };
  expect(() => defineRecipe(settings({ best }))).toThrow(
    'best: expected null without evaluators and evaluateEvery, which give the scores, found "quiz"',
  );
  expect(() => defineRecipe(settings({ best, evaluators: [quiz([])], evaluateEvery: 0 }))).toThrow(
    "best: expected null without evaluators",
  );
  const evaluations = [evaluationOf(0.25)];
  expect(scoreOf(best, evaluations)).toBe(0.25);
  expect(scoreOf({ ...best, metric: "other" }, evaluations)).toBe(0.75);
  expect(() => scoreOf({ dataset: "quizz" }, evaluations)).toThrow('did you mean "quiz"?');
  expect(() => scoreOf({ ...best, metric: "none" }, evaluations))
    .toThrow(
      "best.metric: expected one of the scores of the run's evaluators (acc, other), found none",
    );
  expect(() => scoreOf(best, [evaluationOf(NaN)])).toThrow("expected a finite score");
  await withFolder(async (runs) => {
    const recipe = defineRecipe(
      settings({ best: { dataset: "quizz" }, evaluators: [quiz([0.1])] }),
    );
    await expect(runRecipe(recipe, { device: "cpu", runs, hooks: [] })).rejects
      .toThrow("best.dataset: expected one of the scores");
  });
});
