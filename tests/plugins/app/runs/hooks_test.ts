import { expect } from "expect";
import type { Context } from "../../../../core/context.ts";
import { defineRecipe } from "../../../../core/define_recipe.ts";
import type { Hook, Hooks } from "../../../../core/hooks.ts";
import { createAssets } from "../../../../core/host/assets/create_assets.ts";
import { isHeld } from "../../../../core/host/storage/folder_lock.ts";
import { createPicturePool } from "../../../../core/host/images/pool.ts";
import { overrideRecipe } from "../../../../core/override.ts";
import type { Recipe } from "../../../../core/recipe.ts";
import { scenesZeroShot } from "../../../../plugins/scenes/zero_shot.ts";
import { runRecipe } from "../../../../plugins/app/runs/run.ts";
import type { RunOptions } from "../../../../plugins/app/runs/run_options.ts";
import { createProgress } from "../../../../plugins/app/terminal/progress.ts";
import tinyRun from "../../../fixtures/tiny_run.ts";
import { createSink } from "../../../helpers/text_sink.ts";
import { withFolder } from "../../../helpers/with_folder.ts";

/** A hook that writes down what it hears. */
function listener(name: string, heard: string[]): Hooks {
  const say = (text: string) => void heard.push(`${name}: ${text}`);
  return {
    name,
    onStart: ({ from, total, manifest }) => say(`start ${from}/${total}, ${manifest.steps}`),
    onBatch: ({ step, epoch, objective, ids }) =>
      say(`batch ${step} ${epoch} ${objective} ${ids.length}`),
    onStep: ({ step, total, loss, objective }) =>
      say(`step ${step}/${total} ${objective} ${Number.isFinite(loss)}`),
    onEvaluation: ({ stage, step, evaluations }) =>
      say(`scores ${stage} ${step} ${evaluations.map(({ dataset }) => dataset)}`),
    onCheckpoint: ({ step, path }) => say(`checkpoint ${step} ${path.split("/").at(-1)}`),
    onEnd: ({ steps, completed, error }) =>
      say(`end ${steps} ${completed}${error === undefined ? "" : ` ${(error as Error).message}`}`),
  };
}

/** The same as a component of a recipe. */
function component(heard: string[], options: { readonly loud?: boolean } = {}): Hook {
  return {
    ...listener("own", heard),
    options: { loud: false, ...options },
    with: (changes) => component(heard, changes),
  };
}

async function run(recipe: Recipe, runs: string, options: Partial<RunOptions>) {
  const sink = createSink();
  using images = createPicturePool({ workers: 0 });
  const progress = createProgress(sink, { terminal: false, width: () => 80 });
  const log = (line: string) => progress.line(line);
  const context: Context = { assets: createAssets({ cache: runs, log }), images, log };
  const summary = await runRecipe(recipe, { device: "cpu", context, progress, runs, ...options });
  return { summary, text: sink.text() };
}

const short = defineRecipe({
  ...tinyRun,
  steps: 3,
  checkpointEvery: 2,
  evaluateEvery: 1,
  evaluators: [scenesZeroShot({ items: 4, seed: 1 })],
});

Deno.test("runRecipe: tells hooks every event in order, those of the recipe first", () =>
  withFolder(async (folder) => {
    const heard: string[] = [];
    const recipe = defineRecipe({ ...short, hooks: [component(heard)] });
    const { summary } = await run(recipe, folder, { hooks: [listener("given", heard)] });
    const own = heard.filter((line) => line.startsWith("own")).map((line) => line.slice(5));
    expect(own).toEqual([
      "start 0/3, 3",
      "scores before 0 scenes/colour_shape",
      "batch 1 0 growing 8",
      "step 1/3 growing true",
      "scores step-00000001 1 scenes/colour_shape",
      "batch 2 0 plain 8",
      "step 2/3 plain true",
      "checkpoint 2 step-00000002.safetensors",
      "scores step-00000002 2 scenes/colour_shape",
      "batch 3 0 growing 8",
      "step 3/3 growing true",
      "checkpoint 3 step-00000003.safetensors",
      "scores after 3 scenes/colour_shape",
      "end 3 true",
    ]);
    // Each event reaches the recipe's hook and then the other.
    expect(heard).toEqual(own.flatMap((line) => [`own: ${line}`, `given: ${line}`]));
    const manifest = JSON.parse(await Deno.readTextFile(`${summary.folder}/manifest.json`));
    expect(manifest.recipe.hooks).toEqual([{ name: "own", loud: false }]);
  }));

Deno.test("runRecipe: holds its folder until hooks have written what they write", () =>
  withFolder(async (folder) => {
    const held: boolean[] = [];
    const hook: Hooks = {
      name: "looks",
      onEnd: async ({ folder }) => void held.push(await isHeld(folder)),
    };
    const recipe = defineRecipe({ ...tinyRun, steps: 1 });
    const { summary } = await run(recipe, folder, { hooks: [hook] });
    expect([...held, await isHeld(summary.folder)]).toEqual([true, false]);
  }));

Deno.test("runRecipe: a script gets TensorBoard's file and the report unless it gives other hooks", () =>
  withFolder(async (folder) => {
    const recipe = defineRecipe({ ...tinyRun, steps: 2 });
    const names = async (options: Partial<RunOptions>) => {
      const { summary, text } = await run(recipe, folder, options);
      return {
        text,
        files: [...Deno.readDirSync(summary.folder)].map(({ name }) => name).toSorted(),
      };
    };
    const bare = [
      ".lock",
      "checkpoints",
      "completed.json",
      "manifest.json",
      "metrics.jsonl",
      "model",
    ];
    expect((await names({ hooks: [] })).files).toEqual(bare);
    const { files, text } = await names({});
    expect(files).toEqual([...bare, "events.out.tfevents.0.syntagma", "report.html"].toSorted());
    expect(text).toContain("report.html");
  }));

Deno.test("runRecipe: a resumed run says from where, and its hooks may be others", () =>
  withFolder(async (folder) => {
    const heard: string[] = [];
    const stop = new AbortController();
    const stopping: Hooks = {
      name: "stop",
      onStep: ({ step }) => step === 2 ? stop.abort() : undefined,
    };
    const first = await run(short, folder, { hooks: [stopping], signal: stop.signal });
    expect(first.summary).toMatchObject({ steps: 2, completed: false });
    const recipe = defineRecipe({ ...short, hooks: [component(heard)] });
    await run(recipe, folder, { hooks: [], resume: first.summary.folder });
    expect(heard.map((line) => line.slice(5))).toEqual([
      "start 2/3, 3",
      "scores step-00000002 2 scenes/colour_shape",
      "batch 3 0 growing 8",
      "step 3/3 growing true",
      "checkpoint 3 step-00000003.safetensors",
      "scores after 3 scenes/colour_shape",
      "end 3 true",
    ]);
  }));

Deno.test("runRecipe: a hook that fails ends the run, the other hooks hear of it, and it can go on", () =>
  withFolder(async (folder) => {
    const heard: string[] = [];
    const recipe = defineRecipe({ ...tinyRun, steps: 4, checkpointEvery: 2 });
    const failing: Hooks = {
      name: "alarm",
      onStep: ({ step }) => step === 3 ? Promise.reject(new Error("rang")) : undefined,
    };
    await expect(run(recipe, folder, { hooks: [failing, listener("l", heard)] }))
      .rejects.toThrow('the hook "alarm" failed in onStep: rang');
    expect(heard.at(-1)).toBe('l: end 3 false the hook "alarm" failed in onStep: rang');
    const [{ name }] = [...Deno.readDirSync(folder)]
      .filter(({ name }) => name.startsWith("tiny-run")) as [Deno.DirEntry];
    const { summary } = await run(recipe, folder, { hooks: [], resume: `${folder}/${name}` });
    expect(summary).toMatchObject({ steps: 4, completed: true });
  }));

Deno.test("overrideRecipe: hooks are chosen and changed by name", () => {
  const recipe = defineRecipe({ ...tinyRun, hooks: [component([])] });
  expect(overrideRecipe(recipe, ["hooks.own.loud=true"]).hooks[0]!.options).toEqual({ loud: true });
  expect(overrideRecipe(recipe, ["hooks=[]"]).hooks).toEqual([]);
});

Deno.test("defineRecipe: refuses hooks that are no components", () => {
  expect(() => defineRecipe({ ...tinyRun, hooks: [{ name: "plain" } as Hook] }))
    .toThrow("hooks.0: expected a hook (a component with with), found");
});
