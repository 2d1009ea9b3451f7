import { expect } from "expect";
import { createAssets } from "../../../../core/host/assets/create_assets.ts";
import { createPicturePool } from "../../../../core/host/images/pool.ts";
import { openDevice } from "../../../../core/host/devices/open_device.ts";
import { openSafetensors } from "../../../../core/host/storage/safetensors.ts";
import { uploadParameters } from "../../../../core/towers/device_parameters.ts";
import { createProgress } from "../../../../plugins/app/terminal/progress.ts";
import type { RunOptions, RunSummary } from "../../../../plugins/app/runs/run_options.ts";
import { runRecipe } from "../../../../plugins/app/runs/run.ts";
import { transformParameters } from "../../../../plugins/app/runs/transform.ts";
import { defineRecipe } from "../../../../core/define_recipe.ts";
import type { Evaluation, Evaluator } from "../../../../core/evaluator.ts";
import type { Recipe, RecipeSettings } from "../../../../core/recipe.ts";
import type { Transformation, Weights } from "../../../../core/transformation.ts";
import { patch } from "../../../../plugins/patching/patch.ts";
import tinyRun from "../../../fixtures/tiny_run.ts";
import { transformation } from "../../../helpers/recipe_fixture.ts";
import { miniClip } from "../../../helpers/small_clip.ts";
import { createSink } from "../../../helpers/text_sink.ts";
import { withFolder } from "../../../helpers/with_folder.ts";

const STEPS = 6;

/** Scores the cosine of two texts and a picture; calls `onCall` first. */
function cosines(onCall: () => void = () => {}): Evaluator {
  const evaluator: Evaluator = {
    name: "cosines",
    options: {},
    evaluate: async (encoder): Promise<readonly Evaluation[]> => {
      onCall();
      const texts = await encoder.texts(["a red cube", "a blue ball above a green cube"]);
      const data = Uint8Array.from({ length: 16 * 16 * 3 }, (_, i) => i % 256);
      const image = await encoder.images(
        1,
        () => Promise.resolve({ width: 16, height: 16, data }),
      );
      const [a, b] = [texts.subarray(0, encoder.dim), texts.subarray(encoder.dim)];
      const cosine = (x: Float32Array, y: Float32Array) => x.reduce((s, v, i) => s + v * y[i]!, 0);
      return [{
        dataset: "toy/cosines",
        task: "image_caption_selection",
        metrics: { acc: cosine(a, b), image_acc: cosine(a, image) },
        items: 1,
        headline: "acc",
        itemScores: [{ id: "0", scores: [cosine(a, b)], correct: { acc: true } }],
      }];
    },
    with: () => evaluator,
  };
  return evaluator;
}

function recipeOf(changes: Partial<RecipeSettings>): Recipe {
  return defineRecipe({ ...tinyRun, steps: STEPS, evaluators: [cosines()], ...changes });
}

async function withRuns(
  work: (
    run: (recipe: Recipe, options?: Partial<RunOptions>) => Promise<RunSummary>,
    runs: string,
  ) => Promise<void>,
): Promise<void> {
  await withFolder(async (runs) => {
    using images = createPicturePool({ workers: 0 });
    const assets = createAssets({ cache: `${runs}/.cache`, offline: true });
    const context = { assets, images, log: () => {} };
    const progress = createProgress(createSink(), { terminal: false, width: () => 80 });
    await work(
      (recipe, options) =>
        runRecipe(recipe, { device: "cpu", runs, context, progress, ...options }),
      runs,
    );
  });
}

async function weightsIn(folder: string): Promise<Map<string, Float32Array>> {
  const file = await openSafetensors(`${folder}/open_clip_model.safetensors`);
  const weights = new Map<string, Float32Array>();
  for (const name of file.names) weights.set(name, await file.readFloat32(name));
  return weights;
}

async function bytesOf(folder: string): Promise<string> {
  return (await Deno.readFile(`${folder}/open_clip_model.safetensors`)).toHex();
}

/** The metrics of a run but for times. */
async function metricsOf(folder: string): Promise<unknown[]> {
  const lines = (await Deno.readTextFile(`${folder}/metrics.jsonl`)).trimEnd().split("\n");
  return lines.map((line) => {
    const { step, epoch, objective, loss, terms, lr } = JSON.parse(line);
    return { step, epoch, objective, loss, terms, lr };
  });
}

/** The stages and steps that have scores. */
function scored(folder: string): string[] {
  return [...Deno.readDirSync(`${folder}/scores`)].map(({ name }) => name).toSorted();
}

function onlyFolder(runs: string): string {
  const names = [...Deno.readDirSync(runs)].map(({ name }) => name);
  expect(names).toHaveLength(1);
  return `${runs}/${names[0]}`;
}

Deno.test("runRecipe: evaluations during training change nothing of what is trained", async () => {
  await withRuns(async (run) => {
    const [quiet, watched] = [
      await run(recipeOf({})),
      await run(recipeOf({ evaluateEvery: 2 })),
    ];
    expect(await bytesOf(`${watched.folder}/model`)).toBe(await bytesOf(`${quiet.folder}/model`));
    expect(await metricsOf(watched.folder)).toEqual(await metricsOf(quiet.folder));
    expect([watched.before, watched.after]).toEqual([quiet.before, quiet.after]);
    expect(scored(quiet.folder)).toEqual(["after.json", "before.json"]);
    // What stands after the last step, 6, is "after".
    expect(scored(watched.folder)).toEqual([
      "after.json",
      "before.json",
      "step-00000002.json",
      "step-00000004.json",
    ]);
    // The weights as they stood: a run of four steps on the same schedule would end otherwise, so the
    // scores are only held against those of other moments.
    const accuracies = await Promise.all(
      scored(watched.folder).map(async (name) => {
        const [scores] = JSON.parse(
          await Deno.readTextFile(`${watched.folder}/scores/${name}`),
        );
        expect("itemScores" in scores).toBe(!name.startsWith("step-"));
        return scores.metrics.acc;
      }),
    );
    expect(new Set(accuracies).size).toBe(4);
  });
});

Deno.test("runRecipe: a stopped run makes up for the scores that it has not made", async () => {
  await withRuns(async (run, runs) => {
    let calls = 0;
    const failing = cosines(() => {
      // Before, step 2, step 4.
      if (++calls === 3) throw new Error("out of memory");
    });
    const settings = { evaluateEvery: 2, checkpointEvery: 2 };
    await expect(run(recipeOf({ ...settings, evaluators: [failing] }))).rejects
      .toThrow("out of memory");
    const folder = onlyFolder(runs);
    expect(scored(folder)).toEqual(["before.json", "step-00000002.json"]);
    const resumed = await run(recipeOf({ ...settings, evaluators: [cosines(() => calls++)] }), {
      resume: folder,
    });
    expect(resumed.completed).toBe(true);
    // Step 4 and after: nothing is scored a second time.
    expect(calls).toBe(5);
    const whole = await run(recipeOf(settings));
    expect(await bytesOf(`${folder}/model`)).toBe(await bytesOf(`${whole.folder}/model`));
    expect(await metricsOf(folder)).toEqual(await metricsOf(whole.folder));
    for (const name of scored(whole.folder)) {
      expect(await Deno.readTextFile(`${folder}/scores/${name}`))
        .toBe(await Deno.readTextFile(`${whole.folder}/scores/${name}`));
    }
  });
});

Deno.test("runRecipe: whoever stops a run need not wait for its scores, which come when it goes on", async () => {
  await withRuns(async (run) => {
    const recipe = recipeOf({ evaluateEvery: 2 });
    const controller = new AbortController();
    const stopped = await run(recipe, {
      signal: controller.signal,
      progress: {
        step: ({ step }) => step === 4 && controller.abort(),
        work: () => {},
        line: () => {},
        close: () => {},
      },
    });
    expect(stopped).toMatchObject({ completed: false, steps: 4, after: [], transformed: [] });
    expect(scored(stopped.folder)).toEqual(["before.json", "step-00000002.json"]);
    await run(recipe, { resume: stopped.folder });
    expect(scored(stopped.folder)).toEqual([
      "after.json",
      "before.json",
      "step-00000002.json",
      "step-00000004.json",
    ]);
  });
});

Deno.test("runRecipe: a run is stopped in the midst of its scores, and makes them when it goes on", async () => {
  await withRuns(async (run) => {
    const recipe = recipeOf({ evaluateEvery: 2, after: [patch({ alpha: 0.5 })] });
    const whole = await run(recipe);
    // Before, step 2, step 4, after, patched: asked to stop in each of them.
    for (const [place, steps] of [0, 2, 4, STEPS, STEPS].entries()) {
      const controller = new AbortController();
      let calls = 0;
      const evaluators = [cosines(() => calls++ === place && controller.abort())];
      const stopped = await run({ ...recipe, evaluators }, { signal: controller.signal });
      expect(stopped).toMatchObject({ completed: false, steps, after: [], transformed: [] });
      expect(stopped.before).toHaveLength(place === 0 ? 0 : 1);
      const resumed = await run(recipe, { resume: stopped.folder });
      expect(resumed).toEqual({ ...whole, folder: stopped.folder });
      expect(await bytesOf(`${stopped.folder}/model`)).toBe(await bytesOf(`${whole.folder}/model`));
    }
  });
});

Deno.test("runRecipe: embeds anew only what training has changed", async () => {
  await withRuns(async (run, runs) => {
    const embeddings = `${runs}/.embeddings`;
    const files = () => [...Deno.readDirSync(embeddings)].length;
    const recipe = recipeOf({ frozen: ["image"] });
    const fresh = await run(recipe);
    const kept = await run(recipe, { embeddings });
    expect([kept.before, kept.after]).toEqual([fresh.before, fresh.after]);
    // One image tower; the text tower before and after.
    expect(files()).toBe(3);
    await run(recipe, { embeddings });
    expect(files()).toBe(3);
    await run(recipeOf({ frozen: ["text"] }), { embeddings });
    // The text tower before training is there already, and the image tower too.
    expect(files()).toBe(4);
  });
});

Deno.test("runRecipe: benchmarks that are not ready are all told before any work", async () => {
  await withRuns(async (run, runs) => {
    const lacking = (name: string): Evaluator => ({
      ...cosines(),
      name,
      check: () => Promise.reject(new RangeError(`no pictures for ${name}`)),
    });
    const ready = { ...cosines(), name: "ready", check: () => Promise.resolve() };
    await expect(run(recipeOf({ evaluators: [lacking("one"), ready, lacking("two")] }))).rejects
      .toThrow(
        "evaluators.one: no pictures for one\nevaluators.two: no pictures for two\n" +
          "evaluators=none leaves evaluation out; evaluators=name leaves out all others",
      );
    expect([...Deno.readDirSync(runs)]).toEqual([]);
    expect((await run(recipeOf({ evaluators: [ready] }))).completed).toBe(true);
  });
});

Deno.test("runRecipe: patches what was trained, keeps both and scores both", async () => {
  await withRuns(async (run) => {
    const plain = await run(recipeOf({}));
    const patched = await run(recipeOf({ after: [patch({ alpha: 0.6 })] }));
    expect(await bytesOf(`${patched.folder}/model-trained`))
      .toBe(await bytesOf(`${plain.folder}/model`));
    const before = await (await tinyRun.model.generate(7)).read();
    const trained = await weightsIn(`${patched.folder}/model-trained`);
    const found = await weightsIn(`${patched.folder}/model`);
    expect(found.size).toBe(before.size);
    let changed = 0;
    for (const [name, values] of found) {
      const [a, b] = [before.get(name)!.data, trained.get(name)!];
      expect([...values]).toEqual(Array.from(a, (_, i) => Math.fround(0.4 * a[i]! + 0.6 * b[i]!)));
      if (values.some((value, i) => value !== a[i] && value !== b[i])) changed++;
    }
    // All but the frozen patch embedding.
    expect(changed).toBe(found.size - 1);

    expect(patched.after).toEqual(plain.after);
    expect(patched.transformed.map(({ stage }) => stage)).toEqual(["patch-0.6"]);
    const [{ metrics }] = patched.transformed[0]!.evaluations as [Evaluation];
    expect(metrics).not.toEqual(patched.after[0]!.metrics);
    expect(metrics).not.toEqual(patched.before[0]!.metrics);
    expect(scored(patched.folder)).toEqual(["after.json", "before.json", "patch-0.6.json"]);
    const file = `${patched.folder}/evaluation/toy_cosines_tiny-run-patch-0.6_two_layers_en_` +
      "image_caption_selection.json";
    expect(JSON.parse(await Deno.readTextFile(file))).toMatchObject({
      pretrained: "tiny-run-patch-0.6",
      metrics,
    });
    const manifest = JSON.parse(await Deno.readTextFile(`${patched.folder}/manifest.json`));
    expect(manifest.recipe.after).toEqual([{ name: "patch", alpha: 0.6, dtype: "pretrained" }]);
    expect(manifest.stages).toEqual(["before", "after", "patch-0.6"]);
    expect(manifest.settings).toMatch(
      /^QuickGELU; trained in float32, scored in float32; pictures .*; texts of \d+ tokens$/,
    );
  });
});

Deno.test("runRecipe: a run that ended between training and patching goes on with it", async () => {
  await withRuns(async (run, runs) => {
    const settings = (after: Transformation[], onCall?: () => void) =>
      recipeOf({ after, evaluators: [cosines(onCall)] });
    const dying: Transformation = {
      ...patch({ alpha: 0.6 }),
      apply: () => Promise.reject(new Error("killed")),
    };
    await expect(run(settings([dying]))).rejects.toThrow("killed");
    const folder = onlyFolder(runs);
    expect([...Deno.readDirSync(folder)].map(({ name }) => name).toSorted())
      .toEqual([
        ".lock",
        "checkpoints",
        "evaluation",
        "events.out.tfevents.0.syntagma",
        "manifest.json",
        "metrics.jsonl",
        "model-trained",
        "scores",
      ]);
    let calls = 0;
    const resumed = await run(settings([patch({ alpha: 0.6 })], () => calls++), {
      resume: folder,
    });
    expect(resumed).toMatchObject({ completed: true, steps: STEPS });
    expect(calls).toBe(1);
    const whole = await run(settings([patch({ alpha: 0.6 })]));
    expect(await bytesOf(`${folder}/model`)).toBe(await bytesOf(`${whole.folder}/model`));
    expect(resumed.transformed).toEqual(whole.transformed);
    // With another α it is another run.
    await expect(run(settings([patch({ alpha: 0.5 })]), { resume: folder })).rejects
      .toThrow("after.0.alpha: was 0.6, is 0.5");
  });
});

Deno.test("transformParameters: each works on what the one before it gave", async () => {
  const device = await openDevice("cpu");
  const model = miniClip(1);
  const parameters = await uploadParameters(device, model);
  const scale = model.logitScale;
  const plus = (addend: number): Transformation => ({
    ...transformation(),
    stage: `plus-${addend}`,
    apply: ({ before, after }) => {
      // Before training stays what it was.
      expect(before.get(scale)!.data[0]).toBe(first);
      const data = after.get(scale)!.data.map((value) => value + addend);
      return Promise.resolve(new Map([...after, [scale, { shape: [], data }]]));
    },
  });
  const first = (await model.read()).get(scale)!.data[0]!;
  const seen: [string, number][] = [];
  await transformParameters({
    transformations: [plus(0.5), plus(2)],
    model,
    parameters,
    log: () => {},
    onStage: async ({ stage }) => {
      seen.push([stage, (await parameters.get(scale)!.read() as Float32Array)[0]!]);
    },
  });
  const [one, two] = [Math.fround(first + 0.5), Math.fround(Math.fround(first + 0.5) + 2)];
  expect(seen).toEqual([["plus-0.5", one], ["plus-2", two]]);
  for (const tensor of parameters.values()) tensor.dispose();
  await device.dispose();
});

Deno.test("transformParameters: refuses weights that are none, and leaves the device as it was", async () => {
  const device = await openDevice("cpu");
  const model = miniClip(1);
  const parameters = await uploadParameters(device, model);
  const { name, shape } = model.parameters.at(-1)!;
  const before = await model.read();
  const faulty: readonly (readonly [
    (after: Map<string, { shape: number[]; data: Float32Array }>) => void,
    string,
  ])[] = [
    [
      (after) => after.delete(name),
      `blend: expected "${name}" of shape [${shape.join(", ")}], found none`,
    ],
    [
      (after) => after.set(name, { shape: [1, 1], data: new Float32Array(1) }),
      `blend: expected "${name}" of shape [${shape.join(", ")}], found [1, 1]`,
    ],
    [
      (after) =>
        after.set(name, { shape: [...shape], data: before.get(name)!.data.map(() => NaN) }),
      `blend: "${name}" holds NaN, expected finite values`,
    ],
  ];
  for (const [spoil, message] of faulty) {
    const spoiling: Transformation = {
      ...transformation(),
      apply: ({ after }) => {
        const weights = new Map(
          [...after].map(([key, value]) => [key, {
            shape: [...value.shape],
            data: value.data.map((each) => each + 1),
          }]),
        );
        spoil(weights);
        return Promise.resolve<Weights>(weights);
      },
    };
    await expect(transformParameters({
      transformations: [spoiling],
      model,
      parameters,
      log: () => {},
      onStage: () => Promise.reject(new Error("not to be reached")),
    })).rejects.toThrow(message);
    for (const [key, tensor] of parameters) {
      expect([key, await tensor.read()]).toEqual([key, before.get(key)!.data]);
    }
  }
  for (const tensor of parameters.values()) tensor.dispose();
  await device.dispose();
});
