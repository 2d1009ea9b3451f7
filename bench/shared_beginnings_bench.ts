/**
 * Steps of the methods on ViT-B/32 (random weights, batch 48, chunk 64), and the texts of a step
 * embedded: texts whole and every chunk forward twice, against shared beginnings and products that are
 * kept. `deno bench -A bench/shared_beginnings_bench.ts`; `CAPTIONS=<table>` takes a table with
 * pictures in the place of the sample of captions with plain ones. It needs 6 GB of memory, and a
 * machine that does nothing else.
 */
import { assetsFromEnvironment } from "../core/host/assets/environment.ts";
import { openDevice } from "../core/host/devices/open_device.ts";
import { createPicturePool } from "../core/host/images/pool.ts";
import type { Device, DeviceTensor } from "../core/device/device.ts";
import type { DataSet } from "../core/dataset.ts";
import type { DualEncoder } from "../core/model.ts";
import type { Recipe } from "../core/recipe.ts";
import { uploadParameters } from "../core/towers/device_parameters.ts";
import { createForward } from "../core/towers/forward.ts";
import { wholeTexts } from "../core/towers/text_parts.ts";
import { type Batch, createBatchStream } from "../core/training/loop/batches.ts";
import { prepareObjectives } from "../core/training/loop/prepare.ts";
import { beginTraining, disposeState } from "../core/training/loop/state.ts";
import { selectTrained } from "../core/training/optimizers/select_parameters.ts";
import { roomFor } from "../core/training/step/keeper.ts";
import { createTrainStep, type TrainStep } from "../core/training/step/train_step.ts";
import { captions } from "../plugins/captions/captions.ts";
import { generateClip } from "../plugins/clip/clip.ts";
import ceClip from "../recipes/ce_clip_vitb32.ts";
import clic from "../recipes/clic_vitb32.ts";
import clove from "../recipes/clove_vitb32.ts";
import sample from "../tests/data/captions_sample.json" with { type: "json" };
import { memoryDataSet } from "../tests/helpers/memory_data_set.ts";

const BATCH = 48;
const CHUNK = 64;
const images = createPicturePool({ workers: 1 });
const assets = assetsFromEnvironment();
const table = Deno.env.get("CAPTIONS");
const picture = { width: 320, height: 240, color: [90, 120, 200] } as const;
const data: DataSet = table === undefined
  ? memoryDataSet(sample.captions.map((captions) => ({ captions, picture })))
  : await captions({ path: table }).open({ assets, images, log: () => {} });

/** A recipe's first objective on its first batch, trained in either way. */
interface Opened {
  readonly device: Device;
  readonly recipe: Recipe;
  readonly batch: Batch;
  readonly sides: Readonly<Record<Side, { readonly model: DualEncoder; readonly step: TrainStep }>>;
  readonly parameters: ReadonlyMap<string, DeviceTensor>;
  close(): Promise<void>;
}

type Side = "before" | "now";

async function open(settings: Recipe): Promise<Opened> {
  const device: Device = await openDevice("cpu");
  const now = await generateClip("ViT-B-32-quickgelu", 0);
  const parameters = await uploadParameters(device, now);
  const recipe = await prepareObjectives({ ...settings, batch: BATCH, chunk: CHUNK }, {
    ...{ device, model: now, parameters, data, assets },
    rehearsal: false,
    log: () => {},
  });
  const trained = selectTrained(now.parameters, { frozen: recipe.frozen });
  const state = await beginTraining(recipe, { device, model: now, parameters, trained });
  const stepOf = async (model: DualEncoder, memory: number) => ({
    model,
    step: await createTrainStep({ device, model, chunk: CHUNK, memory, state, recipe }),
  });
  const sides = {
    before: await stepOf(wholeTexts(now), 0),
    now: await stepOf(now, roomFor(null, device)),
  };
  const from = { epoch: 0, position: 0 };
  const stream = createBatchStream({
    ...{ data, model: now, batch: BATCH, seed: 0, from },
    onSkip: () => {},
  });
  const batch = await stream.next(recipe.objectives[0]!);
  return {
    ...{ device, recipe, batch, sides, parameters },
    close: async () => {
      for (const { step } of Object.values(sides)) step.dispose();
      disposeState(state);
      await device.dispose();
    },
  };
}

// One model at a time: each takes memory for its weights, gradients and moments.
let current: { readonly settings: Recipe; readonly opened: Opened } | undefined;

async function opened(settings: Recipe): Promise<Opened> {
  if (current?.settings === settings) return current.opened;
  await current?.opened.close();
  current = { settings, opened: await open(settings) };
  return current.opened;
}

for (const settings of [clic, ceClip, clove]) {
  for (const side of ["before", "now"] as const) {
    Deno.bench({
      name: `a step, ${side}`,
      group: settings.name,
      baseline: side === "before",
      n: 2,
      warmup: 1,
    }, async (bench) => {
      const { recipe, batch, sides } = await opened(settings);
      const { step } = sides[side];
      bench.start();
      await step.add(recipe.objectives[0]!, batch, 0);
      await step.update(1e-6, 1);
      bench.end();
    });
  }
}

for (const side of ["before", "now"] as const) {
  Deno.bench({
    name: `texts embedded, ${side}`,
    group: "all captions",
    baseline: side === "before",
    n: 2,
    warmup: 1,
  }, async (bench) => {
    const { device, sides, parameters } = await opened(clic);
    const { model } = sides[side];
    const lines = Array.from({ length: data.length }, (_, i) => data.record(i).captions).flat();
    const tokens = lines.map((line) => model.tokenizer.encode(line, model.text.contextLength));
    const forward = createForward({ device, model, parameters, chunk: CHUNK });
    await forward.texts(tokens.slice(0, 8));
    bench.start();
    await forward.texts(tokens);
    bench.end();
  });
}
