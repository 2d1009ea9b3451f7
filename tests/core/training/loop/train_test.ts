import { sum } from "../../../../core/graph/linear.ts";
import type { Standing } from "../../../../core/training/loop/standing.ts";
import { expect } from "expect";
import { add, mul } from "../../../../core/graph/elementwise.ts";
import type { Tensor } from "../../../../core/graph/tensor.ts";
import { openDevice } from "../../../../core/host/devices/open_device.ts";
import { uploadParameters } from "../../../../core/towers/device_parameters.ts";
import { prepareObjectives } from "../../../../core/training/loop/prepare.ts";
import { adamw } from "../../../../core/training/optimizers/adamw.ts";
import {
  createTrainingState,
  disposeState,
  type TrainingState,
} from "../../../../core/training/loop/state.ts";
import type { StepRecord } from "../../../../core/training/loop/step_record.ts";
import { train, type TrainHooks } from "../../../../core/training/loop/train.ts";
import { warmupCosine } from "../../../../core/training/optimizers/warmup_cosine.ts";
import type { Assets } from "../../../../core/assets.ts";
import { type Composer, objective } from "../../../../core/objective.ts";
import type { DataSet } from "../../../../core/dataset.ts";
import { defineRecipe } from "../../../../core/define_recipe.ts";
import type { Loss } from "../../../../core/loss.ts";
import type { Normalization } from "../../../../core/images/raster.ts";
import type { Recipe, RecipeSettings } from "../../../../core/recipe.ts";
import { contrastive } from "../../../../plugins/contrastive/contrastive.ts";
import { singleCaption } from "../../../../plugins/contrastive/single_caption.ts";
import { memoryDataSet } from "../../../helpers/memory_data_set.ts";
import { settings } from "../../../helpers/recipe_fixture.ts";
import { miniClip } from "../../../helpers/small_clip.ts";

const plain = objective("plain", singleCaption(), contrastive());
const beginning: Standing = { step: 0, next: { epoch: 0, position: 0 }, epoch: 0 };
const data = memoryDataSet(Array.from({ length: 8 }, (_, i) => ({
  captions: [String(i)],
  picture: { width: 8, height: 8, color: [30 * i, 255 - 30 * i, 128] as const },
})));

function recipeOf(changes: Partial<RecipeSettings>): Recipe {
  return defineRecipe(settings({
    objectives: [plain],
    optimizer: adamw({ lr: 1e-3 }),
    schedule: warmupCosine({ warmup: 2 }),
    batch: 4,
    ...changes,
  }));
}

interface Run {
  readonly recipe: Recipe;
  readonly total: number;
  readonly data?: DataSet;
  readonly from?: Standing;
  readonly signal?: AbortSignal;
  readonly keepPictures?: boolean;
  readonly hooks?: Partial<TrainHooks>;
  readonly prepare?: (state: TrainingState) => void;
}

/** Trains the mini model and hands its state over before it is freed. */
async function run<T>(
  options: Run,
  after: (result: {
    readonly state: TrainingState;
    readonly records: readonly StepRecord[];
    readonly outcome: Standing | Error;
  }) => Promise<T>,
): Promise<T> {
  const { recipe, total, hooks = {}, from = beginning, signal, keepPictures } = options;
  const device = await openDevice("cpu");
  const model = miniClip(3);
  const parameters = await uploadParameters(device, model);
  const state = createTrainingState({ ...recipe, device, parameters, trained: model.parameters });
  options.prepare?.(state);
  const records: StepRecord[] = [];
  const outcome = await train({
    recipe,
    device,
    model,
    data: options.data ?? data,
    state,
    from,
    total,
    ...(signal === undefined ? {} : { signal }),
    ...(keepPictures === undefined ? {} : { keepPictures }),
    hooks: {
      onLine: () => {},
      lastCheckpoint: () => undefined,
      ...hooks,
      onStep: async (record, standing) => {
        records.push(record);
        await hooks.onStep?.(record, standing);
      },
    },
  }).catch((error) => error as Error);
  const result = await after({ state, records, outcome });
  disposeState(state);
  await device.dispose();
  return result;
}

async function valuesOf(state: TrainingState): Promise<Map<string, number[]>> {
  const values = new Map<string, number[]>();
  for (const [name, tensor] of state.parameters) {
    values.set(name, Array.from(await tensor.read() as Float32Array));
  }
  return values;
}

Deno.test("train: takes objectives in turn, at the schedule's rates, and comes to the standing after them", async () => {
  const other = objective("other", singleCaption(), contrastive({ weight: 2 }));
  const recipe = recipeOf({ objectives: [plain, other] });
  await run({ recipe, total: 5 }, ({ records, outcome }) => {
    expect(records.map(({ step, epoch, objective }) => [step, epoch, objective])).toEqual([
      [1, 0, "plain"],
      [2, 0, "other"],
      [3, 1, "plain"],
      [4, 1, "other"],
      [5, 2, "plain"],
    ]);
    // Warm-up of two steps, then a cosine over three: cos(0) = 1, cos(π/3) = ½, cos(2π/3) = −½.
    const rates = [0.5e-3, 1e-3, 1e-3, 0.75e-3, 0.25e-3];
    records.forEach(({ lr }, i) => expect(lr).toBeCloseTo(rates[i]!, 12));
    // "other" is twice the contrastive loss, which is its term.
    expect(records[1]!.loss).toBeCloseTo(2 * records[1]!.terms.contrastive!, 5);
    expect(outcome).toEqual({ step: 5, next: { epoch: 2, position: 4 }, epoch: 2 });
    return Promise.resolve();
  });
});

Deno.test("train: learns eight pictures by heart", async () => {
  const recipe = recipeOf({ batch: 8, optimizer: adamw({ lr: 3e-3 }) });
  await run({ recipe, total: 60 }, ({ records }) => {
    // Eight rows that cannot be told apart cost ln 8 = 2.08.
    expect(records[0]!.loss).toBeGreaterThan(1.5);
    expect(records.at(-1)!.loss).toBeLessThan(0.2);
    return Promise.resolve();
  });
});

Deno.test("train: a picture that comes again in another epoch is decoded once, with the same losses", async () => {
  const asked: number[] = [];
  const pixels: DataSet["pixels"] = (index, operation) => {
    asked.push(index);
    return data.pixels(index, operation);
  };
  const lossesOf = (keepPictures?: boolean) =>
    run({
      ...{ recipe: recipeOf({}), total: 6, data: { ...data, pixels } },
      ...(keepPictures === undefined ? {} : { keepPictures }),
    }, ({ records }) => Promise.resolve(records.map(({ loss }) => loss)));
  // Six batches of four from eight: three epochs.
  const without = await lossesOf(false);
  expect(asked.length).toBe(24);
  asked.length = 0;
  expect(await lossesOf()).toEqual(without);
  expect(asked.toSorted()).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
});

Deno.test("train: what is frozen keeps its values, what is not changes", async () => {
  const before = await miniClip(3).read();
  const device = await openDevice("cpu");
  const model = miniClip(3);
  const parameters = await uploadParameters(device, model);
  const recipe = recipeOf({ frozen: ["image"] });
  const trained = model.parameters.filter(({ part }) => part !== "image");
  const state = createTrainingState({ ...recipe, device, parameters, trained });
  const hooks = {
    onLine: () => {},
    lastCheckpoint: () => undefined,
    onStep: () => Promise.resolve(),
  };
  await train({ recipe, device, model, data, state, from: beginning, total: 2, hooks });
  for (const { name, part } of model.parameters) {
    const values = await parameters.get(name)!.read() as Float32Array;
    const same = values.every((value, i) => value === before.get(name)!.data[i]);
    expect([name, same]).toEqual([name, part === "image"]);
  }
  disposeState(state);
  await device.dispose();
});

Deno.test("train: steps that warm moments leave the weights, and those after them move", async () => {
  const recipe = recipeOf({ warmMoments: 2 });
  const untouched = await run({ recipe, total: 0 }, ({ state }) => valuesOf(state));
  const rates = ({ records }: { records: readonly StepRecord[] }) => records.map(({ lr }) => lr);
  await run({ recipe, total: 2 }, async (result) => {
    expect(rates(result)).toEqual([0, 0]);
    expect(await valuesOf(result.state)).toEqual(untouched);
  });
  await run({ recipe, total: 3 }, async (result) => {
    expect(rates(result)).toEqual([0, 0, 5e-4]);
    expect(await valuesOf(result.state)).not.toEqual(untouched);
  });
});

Deno.test("train: stops after the step at which it is asked to", async () => {
  const controller = new AbortController();
  const hooks = {
    onStep: ({ step }: StepRecord) => {
      if (step === 3) controller.abort();
      return Promise.resolve();
    },
  };
  const { signal } = controller;
  await run({ recipe: recipeOf({}), total: 9, hooks, signal }, ({ outcome, records }) => {
    expect(outcome).toEqual({ step: 3, next: { epoch: 1, position: 4 }, epoch: 1 });
    expect(records.length).toBe(3);
    return Promise.resolve();
  });
});

Deno.test("train: a loss that is not finite stops the run and leaves the parameters of the step before", async () => {
  // From the second epoch on, so in step 3, a normalisation makes the pixels infinite.
  const base = singleCaption();
  const tiny: Normalization = { mean: [0, 0, 0], deviation: [1e-42, 1e-42, 1e-42] };
  const composer: Composer<"caption"> = {
    ...base,
    compose: async (index, context) => {
      const rows = await base.compose(index, context);
      return context.epoch === 1 ? rows.map((row) => ({ ...row, normalization: tiny })) : rows;
    },
  };
  const recipe = recipeOf({ objectives: [objective("poisoned", composer, contrastive())] });
  let held: TrainingState;
  let before: Map<string, number[]> | undefined;
  const hooks: Partial<TrainHooks> = {
    lastCheckpoint: () => "checkpoints/step-00000002.safetensors",
    onStep: async () => {
      before = await valuesOf(held);
    },
  };
  const prepare = (state: TrainingState) => {
    held = state;
  };
  await run({ recipe, total: 4, hooks, prepare }, async ({ outcome, records, state }) => {
    expect(records.length).toBe(2);
    expect(outcome).toBeInstanceOf(RangeError);
    const { message } = outcome as Error;
    expect(message).toMatch(
      /^step 3: poisoned: the embedding of the picture of row 0 \(example \d\) is not finite; the parameters were left/,
    );
    expect(message).toMatch(/Batch: (example \d(, )?){4}\. Last/);
    expect(message).toContain("Last good checkpoint: checkpoints/step-00000002.safetensors");
    expect(await valuesOf(state)).toEqual(before!);
  });
});

Deno.test("train: rows that are the same are counted in each step, and told once an objective", async () => {
  // Four captions, each of two examples: a batch of all eight has every one twice.
  const doubled = memoryDataSet(Array.from({ length: 8 }, (_, i) => ({
    captions: [String(i % 4)],
    picture: { width: 8, height: 8, color: [30 * i, 255 - 30 * i, 128] as const },
  })));
  const lines: string[] = [];
  const hooks = { onLine: (line: string) => lines.push(line) };
  const recipe = recipeOf({ batch: 8 });
  await run({ recipe, total: 3, data: doubled, hooks }, ({ records }) => {
    expect(records.map(({ repeats }) => repeats)).toEqual(
      Array(3).fill({ picture: 0, caption: 8 }),
    );
    expect(lines).toEqual([
      "step 1 (plain): of 8 rows 8 share a caption with another row, and are its negatives unless the " +
      "loss leaves them out",
    ]);
    return Promise.resolve();
  });
});

/** The contrastive loss, and a mean over the steps: `mean ← (mean + loss)/2`, from 5 on. */
function averaging(reset: "never" | "epoch"): Loss<"caption"> {
  const base = contrastive();
  return {
    ...base,
    name: "averaging",
    state: { mean: { shape: [], initial: 5, reset }, steps: { shape: [2], initial: 0, reset } },
    compute: (embeddings) => {
      const { total } = base.compute(embeddings);
      const { mean, steps } = embeddings.state as { readonly mean: Tensor; readonly steps: Tensor };
      return {
        total,
        // The doubled mean reads the old state, whenever the new one is computed.
        terms: { twice: mul(mean, 2), steps: sum(mul(steps, 0.5)) },
        state: { mean: mul(add(mean, total), 0.5), steps: add(steps, 1) },
      };
    },
    with: () => averaging(reset),
  };
}

for (const reset of ["never", "epoch"] as const) {
  Deno.test(`train: a loss's state goes from step to step, reset ${reset}`, async () => {
    // Two objectives with one loss have a state each. Batches of 2 from 8: four steps an epoch, so two
    // for each objective.
    const recipe = recipeOf({
      objectives: ["a", "b"].map((name) => objective(name, singleCaption(), averaging(reset))),
      batch: 2,
    });
    await run({ recipe, total: 9 }, async ({ records, state }) => {
      for (const name of ["a", "b"]) {
        let mean = 5;
        let steps = 0;
        let epoch = 0;
        for (const record of records.filter(({ objective }) => objective === name)) {
          if (reset === "epoch" && record.epoch !== epoch) [mean, steps] = [5, 0];
          epoch = record.epoch;
          expect(record.terms.twice).toBeCloseTo(2 * mean, 5);
          // Half of each of two counters.
          expect(record.terms.steps).toBe(steps);
          mean = (mean + record.loss) / 2;
          steps++;
        }
        // Step 9 begins the third epoch, with "a": the state of "b" goes back with it.
        const left = await state.losses.get(name)!.get("steps")!.read();
        const expected = reset === "never" ? (name === "a" ? 5 : 4) : (name === "a" ? 1 : 0);
        expect([...left]).toEqual([expected, expected]);
      }
    });
  });
}

Deno.test("prepareObjectives: a composer is made ready once, with the model as it is before training", async () => {
  const model = miniClip(3);
  const device = await openDevice("cpu");
  const parameters = await uploadParameters(device, model);
  const seen: Float32Array[] = [];
  const base = singleCaption();
  const composer: Composer<"caption"> = {
    ...base,
    prepare: async ({ encoder, data }) => {
      seen.push(await encoder.texts(data.record(1).captions));
      return { ...base, name: "ready" };
    },
  };
  const recipe = recipeOf({
    objectives: [plain, objective("prepared", composer, contrastive())],
  });
  const context = { device, model, parameters, data, rehearsal: false, log: () => {} };
  const assets = {
    file: () => Promise.reject(new Error("no file is needed")),
  } as unknown as Assets;
  const prepared = await prepareObjectives(recipe, { ...context, assets });
  expect(prepared.objectives.map(({ composer }) => composer.name))
    .toEqual(["singleCaption", "ready"]);
  expect(seen.length).toBe(1);
  // Unit rows.
  expect(Math.hypot(...seen[0]!)).toBeCloseTo(1, 5);
  // Without anything to prepare the recipe stays what it is.
  const unprepared = recipeOf({});
  expect(await prepareObjectives(unprepared, { ...context, assets })).toBe(unprepared);
  await device.dispose();
});
