/**
 * A training step of ViT-B/32's text tower (63 M parameters, batch 16) through the training engine:
 * at 77 tokens and at 32, with plain gradient descent and with AdamW; beside them a large matrix
 * product, whose rate tells how fast the machine is (2 · 512 · 768 · 3072 = 2.4 GFLOP).
 */
import { expand, matmul, reshape } from "../core/graph/linear.ts";
import { slice } from "../core/graph/shape.ts";
import { input } from "../core/graph/node.ts";
import { mul, sub } from "../core/graph/elementwise.ts";
import { openDevice } from "../core/host/devices/open_device.ts";
import { uploadParameters } from "../core/towers/device_parameters.ts";
import { adamw } from "../core/training/optimizers/adamw.ts";
import type { Batch } from "../core/training/loop/batches.ts";
import { createTrainStep } from "../core/training/step/train_step.ts";
import { createTrainingState } from "../core/training/loop/state.ts";
import { identityOf } from "../core/training/loop/identity.ts";
import type { TextGroup } from "../core/training/loop/text_group.ts";
import { selectTrained } from "../core/training/optimizers/select_parameters.ts";
import type { DualEncoder } from "../core/model.ts";
import { objective } from "../core/objective.ts";
import type { Optimizer } from "../core/optimizer.ts";
import { generateClip } from "../plugins/clip/clip.ts";
import { contrastive } from "../plugins/contrastive/contrastive.ts";
import { singleCaption } from "../plugins/contrastive/single_caption.ts";

const BATCH = 16;
const device = await openDevice("cpu");
const clip = await generateClip("ViT-B-32-quickgelu", 0);
const captions = objective("contrastive", singleCaption(), contrastive());

/** The text tower alone: in the place of the image tower, one that costs nothing. */
const model: DualEncoder = {
  ...clip,
  parameters: clip.parameters.filter(({ part }) => part !== "image"),
  image: {
    size: 1,
    encode: (pixels) => {
      const red = slice(pixels, { axis: 1, start: 0, end: 1 });
      return expand(reshape(red, [pixels.shape[0]!, 1]), [pixels.shape[0]!, clip.dim]);
    },
  },
};

const gradientDescent: Optimizer = {
  name: "gradientDescent",
  options: {},
  lr: 1e-6,
  slots: [],
  groups: (parameters) => [{ name: "all", parameters, scalars: (lr) => ({ rate: lr }) }],
  update: ({ parameter, gradient, scalars }) => ({
    parameter: sub(parameter, mul(gradient, scalars.rate!)),
    slots: {},
  }),
  with: () => gradientDescent,
};

const parameters = await uploadParameters(device, model);
const trained = selectTrained(model.parameters, { frozen: [] });

async function trainingStep(optimizer: Optimizer, tokens: number): Promise<() => Promise<void>> {
  const state = createTrainingState({
    device,
    parameters,
    trained,
    optimizer,
    objectives: [captions],
  });
  const trainStep = await createTrainStep({
    device,
    model,
    chunk: BATCH,
    state,
    recipe: { optimizer },
  });
  const text = Array.from({ length: tokens }, (_, i) => 1 + (i * 641) % 49_000);
  const ids = Array.from({ length: BATCH }, (_, i) => `${i}`);
  const groups: readonly TextGroup[] = [{
    name: "caption",
    count: 1,
    tokens: Array.from({ length: BATCH }, () => text),
    present: new Float32Array(BATCH).fill(1),
  }];
  const batch: Batch = {
    ids,
    pixels: Float32Array.from({ length: BATCH * 3 }, (_, i) => 1 + i),
    groups,
    identity: identityOf(ids, groups),
    epoch: 0,
    next: { epoch: 0, position: BATCH },
  };
  let step = 0;
  const run = async () => {
    await trainStep.add(captions, batch, step);
    await trainStep.update(optimizer.lr, ++step);
  };
  await run(); // compiles
  return run;
}

const [rows, inner, columns] = [512, 768, 3072];
const a = input("a", "float32", [rows, inner]);
const b = input("b", "float32", [inner, columns]);
const product = await device.compile({ inputs: [a, b], outputs: { c: matmul(a, b) } });
const factors = {
  a: device.upload(new Float32Array(rows * inner).fill(0.5), [rows, inner], "float32"),
  b: device.upload(new Float32Array(inner * columns).fill(0.5), [inner, columns], "float32"),
};

const group = "text tower, batch 16";
const descent77 = await trainingStep(gradientDescent, 77);
Deno.bench(
  { name: "gradient descent, 77 tokens", group, baseline: true, n: 5, warmup: 1 },
  descent77,
);
const descent32 = await trainingStep(gradientDescent, 32);
Deno.bench({ name: "gradient descent, 32 tokens", group, n: 5, warmup: 1 }, descent32);
const adamw77 = await trainingStep(adamw({ lr: 1e-6 }), 77);
Deno.bench({ name: "AdamW, 77 tokens", group, n: 5, warmup: 1 }, adamw77);
Deno.bench({ name: "matrix product of 2.4 GFLOP", group, n: 20, warmup: 3 }, async () => {
  (await product.run(factors)).c!.dispose();
});
