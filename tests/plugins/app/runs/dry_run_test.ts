import { expect } from "expect";
import { defineRecipe } from "../../../../core/define_recipe.ts";
import type { Evaluator } from "../../../../core/evaluator.ts";
import { createAssets } from "../../../../core/host/assets/create_assets.ts";
import { createPicturePool } from "../../../../core/host/images/pool.ts";
import { freeSpace } from "../../../../core/host/storage/free_space.ts";
import type { DualEncoder } from "../../../../core/model.ts";
import type { RecipeSettings } from "../../../../core/recipe.ts";
import { checkDisk, type RunPlace } from "../../../../plugins/app/runs/check_run.ts";
import { checkPictures } from "../../../../plugins/app/runs/check_pictures.ts";
import { dryRun } from "../../../../plugins/app/runs/dry_run.ts";
import { runRecipe } from "../../../../plugins/app/runs/run.ts";
import type { RunEstimate } from "../../../../plugins/app/runs/run_options.ts";
import { writtenBytes } from "../../../../plugins/app/runs/written_bytes.ts";
import { createProgress } from "../../../../plugins/app/terminal/progress.ts";
import { captions } from "../../../../plugins/captions/captions.ts";
import { clip } from "../../../../plugins/clip/clip.ts";
import type { ClipConfig } from "../../../../plugins/clip/config.ts";
import { initialValues } from "../../../../plugins/clip/initial_values.ts";
import { openClipNames } from "../../../../plugins/clip/names.ts";
import { clipNormalization } from "../../../../plugins/clip/normalization.ts";
import { clipParameters } from "../../../../plugins/clip/parameters.ts";
import { writeModelFolder } from "../../../../plugins/clip/weights.ts";
import { sizeOf } from "../../../../core/graph/node.ts";
import tinyRun from "../../../fixtures/tiny_run.ts";
import { writePicture } from "../../../helpers/benchmark_fixture.ts";
import { memoryDataSet } from "../../../helpers/memory_data_set.ts";
import { transformation } from "../../../helpers/recipe_fixture.ts";
import { createSink } from "../../../helpers/text_sink.ts";
import { withFolder } from "../../../helpers/with_folder.ts";

/** Of none of the architectures that have a name, with CLIP's own vocabulary. */
const config: ClipConfig = {
  dim: 16,
  activation: "quick_gelu",
  epsilon: 1e-5,
  image: { size: 32, patch: 16, width: 64, layers: 1, heads: 1, hidden: 64 },
  text: { context: 77, vocabulary: 49408, width: 64, layers: 1, heads: 1, hidden: 64 },
};

/** A benchmark that is ready unless it is told what it lacks. */
function quiz(lack?: string): Evaluator {
  const evaluator: Evaluator = {
    name: "quiz",
    options: {},
    check: () => lack === undefined ? Promise.resolve() : Promise.reject(new RangeError(lack)),
    evaluate: () => Promise.resolve([]),
    with: () => evaluator,
  };
  return evaluator;
}

function optionsIn(folder: string, largest = 1024) {
  const assets = createAssets({ cache: `${folder}/cache`, offline: true });
  const lookedFor = createAssets({ cache: `${folder}/cache`, largest, retryDelays: [] });
  const progress = createProgress(createSink(), { terminal: false, width: () => 80 });
  const context = { assets, images: createPicturePool({ workers: 0 }), log: () => {} };
  return { runs: folder, device: "cpu" as const, lookedFor, context, progress };
}

async function report(folder: string, changes: Partial<RecipeSettings>) {
  return await dryRun(defineRecipe({ ...tinyRun, ...changes }), optionsIn(folder));
}

Deno.test("dryRun: looks at everything, then estimates, and leaves nothing behind", () =>
  withFolder(async (folder) => {
    const rows = Array.from({ length: 20 }, (_, i) => `${i % 2}.png,a lamp ${i}\n`);
    await Deno.writeTextFile(`${folder}/train.csv`, rows.join(""));
    for (const red of [0, 1]) await writePicture(`${folder}/${red}.png`, red);
    const before = [...Deno.readDirSync(folder)].map(({ name }) => name);
    const data = captions({ path: `${folder}/train.csv`, examples: "captions" });
    const { needs, estimate } = await report(folder, { data, evaluators: [quiz()] });
    expect(needs.map(({ what, ready }) => [what, ready])).toEqual(
      ["data", "pictures", "evaluators.quiz", "weights", "disk"].map((what) => [what, true]),
    );
    expect(needs.map(({ state }) => state).slice(0, 4))
      .toEqual(["train.csv, 20 examples", "20 of 20 looked at are there", "ready", "two layers"]);
    // Four epochs of two whole batches of 8.
    expect((estimate as RunEstimate).steps).toBe(8);
    expect((estimate as RunEstimate).estimatedSeconds).toBeGreaterThan(0);
    expect([...Deno.readDirSync(folder)].map(({ name }) => name)).toEqual(before);
  }));

Deno.test("dryRun: every step is counted whole, though generated pictures come again", () =>
  withFolder(async (folder) => {
    const runsOf = async (count: number) => {
      const each = tinyRun.objectives[0]!;
      const objectives = Array.from({ length: count }, (_, i) => ({ ...each, name: `step-${i}` }));
      const { estimate } = await report(folder, { objectives, frozen: ["image"] });
      const { made, leftOut } = (estimate as RunEstimate).runs;
      return made + leftOut;
    };
    // A fifth step goes through all generated data, and comes to their first pictures.
    const [four, five, six] = [await runsOf(4), await runsOf(5), await runsOf(6)];
    expect([five - four, six - five]).toEqual([four / 4, four / 4]);
  }));

Deno.test("dryRun: tells all that is lacking, and estimates all the same", () =>
  withFolder(async (folder) => {
    const data = captions({ path: `${folder}/none.csv` });
    const model = { ...tinyRun.model, load: () => Promise.reject(new RangeError("no weights")) };
    const settings = { data, model, evaluators: [quiz("no pictures")], steps: 5 };
    const { needs, estimate } = await report(folder, settings);
    expect(needs.map(({ what, ready }) => [what, ready])).toEqual([
      ["data", false],
      ["evaluators.quiz", false],
      ["weights", false],
      ["disk", true],
    ]);
    expect(needs[0]!.state).toContain(`${folder}/none.csv`);
    expect(needs.map(({ state }) => state)).toEqual(
      expect.arrayContaining(["no pictures", "no weights"]),
    );
    expect(estimate).toMatchObject({ steps: 5 });
  }));

Deno.test("dryRun: weights on this machine tell their own size; others are asked for and left where they are", () =>
  withFolder(async (folder) => {
    const local = `${folder}/local`;
    const parameters = clipParameters(config, openClipNames);
    await writeModelFolder(local, {
      config,
      names: openClipNames,
      preprocessing: { ...clipNormalization, size: config.image.size },
      values: initialValues(config, parameters, 1),
    });
    const settings = { chunk: 4, batch: 4, frozen: [], steps: 2 };
    const { needs, estimate } = await report(folder, {
      ...settings,
      model: clip({ weights: local }),
    });
    expect(needs.find(({ what }) => what === "weights")).toMatchObject({ ready: true });
    const trained = parameters.reduce((sum, { shape }) => sum + sizeOf(shape), 0);
    expect((estimate as RunEstimate).parameters).toEqual({ trained, frozen: 0 });

    const server = Deno.serve(
      { hostname: "127.0.0.1", port: 0, onListen: () => {} },
      () => new Response(new Uint8Array(3 * 2 ** 20)),
    );
    try {
      const address = `http://127.0.0.1:${server.addr.port}/model.safetensors`;
      const far = await report(folder, { ...settings, model: clip({ weights: address }) });
      expect(far.needs.at(-1)).toEqual({
        what: "weights",
        ready: true,
        state: `${address} (3 MiB) is there to be downloaded`,
      });
      expect(far.estimate).toContain("clip.architecture: generated weights need it");
    } finally {
      await server.shutdown();
    }
  }));

Deno.test("runRecipe: begins nothing while something is lacking, and tells all of it", () =>
  withFolder(async (folder) => {
    const options = { ...optionsIn(folder), runs: `${folder}/runs` };
    const run = (changes: Partial<RecipeSettings>) =>
      runRecipe(defineRecipe({ ...tinyRun, ...changes }), options);
    const data = captions({ path: `${folder}/none.csv` });
    await expect(run({ data })).rejects.toThrow(`Cannot get none.csv: tried ${folder}/none.csv`);
    const both = await run({ data, evaluators: [quiz("no annotations")] }).catch((error) => error);
    expect(both).toBeInstanceOf(RangeError);
    expect(both.message.split("\n")).toEqual([
      expect.stringContaining("data: Cannot get none.csv"),
      "evaluators.quiz: no annotations",
      "evaluators=none leaves evaluation out; evaluators=name leaves out all others",
    ]);
    const weights = (address: string) => run({ model: clip({ weights: address }) });
    await expect(weights("hf:o/r/model.safetensors")).rejects
      .toThrow(/offline mode off\. The recipe clic-tiny needs no download\.$/);
    // Nothing would be downloaded: a path is mistaken.
    await expect(weights(`${folder}/model.safetensors`)).rejects.not.toThrow("clic-tiny");
    expect(await Deno.stat(`${folder}/runs`).catch(() => undefined)).toBe(undefined);
  }));

Deno.test("writtenBytes: checkpoints and models that stand at a time, by hand", () => {
  const parameters = [
    { name: "image", part: "image", shape: [10, 10] },
    { name: "text", part: "text", shape: [50] },
  ] as unknown as DualEncoder["parameters"];
  const model = { parameters, dim: 16, text: { width: 32 } } as unknown as DualEncoder;
  const bytes = (checkpointEvery: number, steps: number | undefined, after = tinyRun.after) =>
    writtenBytes({ ...tinyRun, frozen: ["image"], checkpointEvery, after }, model, steps);
  // AdamW keeps two numbers beside each of the 50 values: 4 · 50 · 3 bytes. The model: 4 · 150.
  expect(bytes(0, 100)).toEqual({ checkpoint: 600, model: 600, most: 600 + 600 });
  // One checkpoint in the middle, one at the end.
  expect(bytes(50, 100).most).toBe(2 * 600 + 600);
  // The third is written before the first is removed; only the last two stand beside the model.
  expect(bytes(10, 100).most).toBe(3 * 600);
  expect(bytes(10, undefined).most).toBe(3 * 600);
  expect(bytes(10, 100, [transformation()]).most).toBe(2 * 600 + 2 * 600);
  // An average is a fourth number beside each value.
  const averaged = { ...tinyRun, frozen: ["image"], checkpointEvery: 0, average: { decay: 0.9 } };
  expect(writtenBytes(averaged, model, 100)).toEqual({ checkpoint: 800, model: 600, most: 1400 });
  // A loss's own 16 values are trained with the 50, and written beside the model.
  const [first] = tinyRun.objectives;
  const loss = { ...first!.loss, parameters: { scale: { shape: ["dim" as const], initial: 1 } } };
  const owning = {
    ...tinyRun,
    frozen: ["image"],
    checkpointEvery: 0,
    objectives: [{ ...first!, loss }] as unknown as typeof tinyRun.objectives,
  };
  expect(writtenBytes(owning, model, 100)).toMatchObject({ checkpoint: 12 * 66, model: 4 * 166 });
});

Deno.test("checkDisk: less room than the run writes is an error before it is written", () =>
  withFolder(async (folder) => {
    const { bytes: free } = (await freeSpace(`${folder}/not/there`))!;
    expect(free).toBeGreaterThan(0);
    const check = async (values: number, changes: Partial<RunPlace> = {}) => {
      const parameters = [{ name: "text", part: "text", shape: [values] }];
      const model = { parameters, dim: 16, text: { width: 32 } } as unknown as DualEncoder;
      const place = { folder: `${folder}/runs`, goesOn: false, ...changes };
      return await checkDisk({ ...tinyRun, frozen: [] }, model, place, 100);
    };
    // Three checkpoints of 12 bytes a value.
    const { ready, state } = await check(free);
    expect(ready).toBe(false);
    expect(state).toMatch(/the run writes up to .* GiB \(.*\), found .* GiB free; --runs names/);
    expect((await check(1000)).ready).toBe(true);
    // Downloads to the same disk are counted with it.
    const place = `${folder}/cache/hf/a.safetensors`;
    const much = await check(1000, { downloads: [{ bytes: 2 * free, place }] });
    expect(much.ready).toBe(false);
    expect(much.state).toMatch(/, and .* GiB are downloaded before, found .* free; --runs names/);
    expect(much.state).toContain("SYNTAGMA_CACHE one for downloads");
    const little = await check(1000, { downloads: [{ bytes: 3 * 2 ** 20, place }] });
    expect(little).toMatchObject({ ready: true });
    expect(little.state).toContain(", and 3 MiB are downloaded before; ");
  }));

Deno.test("checkDisk: a run that goes on needs room for what it has not written yet", () =>
  withFolder(async (folder) => {
    const parameters = [{ name: "text", part: "text", shape: [2 ** 20] }];
    const model = { parameters, dim: 16, text: { width: 32 } } as unknown as DualEncoder;
    const check = async () => {
      const recipe = { ...tinyRun, frozen: [], after: [], checkpointEvery: 10 };
      return (await checkDisk(recipe, model, { folder, goesOn: true }, 100)).state;
    };
    // Three checkpoints of 12 MiB at a time, which are more than two and a model of 4 MiB.
    expect(await check()).toContain("the run writes up to 36 MiB more (a checkpoint 12 MiB, ");
    const write = async (path: string, mebibytes: number) => {
      await Deno.mkdir(`${folder}/${path}`.replace(/\/[^/]*$/, ""), { recursive: true });
      await Deno.writeFile(`${folder}/${path}`, new Uint8Array(mebibytes * 2 ** 20));
    };
    await write("checkpoints/step-00000010.safetensors", 12);
    await write("checkpoints/step-00000020.safetensors.1-abc.tmp", 5);
    expect(await check()).toContain("up to 24 MiB more");
    await write("checkpoints/step-00000020.safetensors", 12);
    await write("model/model.safetensors", 4);
    expect(await check()).toContain("up to 8 MiB more");
  }));

Deno.test("checkPictures: some that are missing are told, all that are missing are an error", async () => {
  const picture = { width: 2, height: 2, color: [0, 0, 0] as const };
  const setOf = (length: number, isThere: (index: number) => boolean) =>
    memoryDataSet(Array.from({ length }, (_, index) => ({
      captions: ["a"],
      picture: isThere(index) ? picture : null,
    })));
  expect(await checkPictures(setOf(3, () => true))).toBe("3 of 3 looked at are there");
  // Of 320 every tenth is looked at: 0, 10, …
  expect(await checkPictures(setOf(320, (index) => index % 10 === 0)))
    .toBe("32 of 32 looked at are there");
  expect(await checkPictures(setOf(320, (index) => index !== 30)))
    .toBe("1 of 32 looked at are not there: picture 30: cannot be read");
  await expect(checkPictures(setOf(320, () => false))).rejects
    .toThrow("memory: 32 of 32 looked at are not there: picture 0: cannot be read");
});
