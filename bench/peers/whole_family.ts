/**
 * A model of the published size against open_clip: `deno run -A bench/peers/whole_family.ts <folder>
 * [values]`, where `open_clip_family.py` made the folder. Embeddings of photos and captions, the
 * contrastive loss of the pairs and its gradient at every tensor must be open_clip's within 1e-4 of the
 * largest value. `values` is how many are trained at a time (default: all): where weights and gradients
 * do not fit beside each other, the tensors are compared part by part.
 */
import { add, mul } from "../../core/graph/elementwise.ts";
import { openSafetensors } from "../../core/host/storage/safetensors.ts";
import type { TensorFile } from "../../core/host/storage/tensor_file.ts";
import type { ParameterSpec } from "../../core/model.ts";
import { STATISTICS } from "../../core/nn/batch_norm.ts";
import { objective } from "../../core/objective.ts";
import type { Optimizer } from "../../core/optimizer.ts";
import { parameterGroups } from "../../core/towers/device_parameters.ts";
import { sgd } from "../../core/training/optimizers/sgd.ts";
import { loadModel } from "../../plugins/app/models/load_model.ts";
import type { LoadedModel } from "../../plugins/app/models/loaded_model.ts";
import { createTrainer } from "../../plugins/app/models/trainer.ts";
import { captions } from "../../plugins/captions/captions.ts";
import { clip } from "../../plugins/clip/clip.ts";
import { siglip } from "../../plugins/clip/siglip.ts";
import { contrastive } from "../../plugins/contrastive/contrastive.ts";
import { sigmoidContrastive } from "../../plugins/contrastive/sigmoid_contrastive.ts";
import { singleCaption } from "../../plugins/contrastive/single_caption.ts";
import { relativeDifference } from "../../tests/helpers/compare.ts";
import { peakMemory } from "../../tests/helpers/peak_memory.ts";

const [folder, values = "Infinity"] = Deno.args;
if (folder === undefined) {
  console.error("usage: deno run -A bench/peers/whole_family.ts <folder> [values]");
  Deno.exit(2);
}
const TOLERANCE = 1e-4;
/** A logit scale is kept within its limits; as 2 and a tenth of its gradient it is. */
const [FROM, SHARE] = [2, 0.1];
const photos = new URL("../../tests/data/photos/", import.meta.url).pathname;

/** Puts gradients in the parameters' place. */
const gradients: Optimizer = {
  ...sgd({ lr: 1, momentum: 0 }),
  update: ({ gradient }) => ({
    parameter: gradient.shape.length === 0 ? add(mul(gradient, SHARE), FROM) : gradient,
    slots: {},
  }),
};

const started = performance.now();
const weights = await openSafetensors(`${folder}/open_clip_model.safetensors`);
const expected = await openSafetensors(`${folder}/expected.safetensors`);
const derived = await openSafetensors(`${folder}/gradients.safetensors`);
const batch = expected.info("images").shape[0]!;
const isSigmoid = weights.has("logit_bias");
const source = (isSigmoid ? siglip : clip)({ weights: folder });
await using model = await loadModel(source, { device: "cpu", chunk: batch });
const loaded = peak();
const faults: string[] = [];

const data = await captions({ path: `${photos}captions.csv` }).open(model.context);
const rows = [...new Array(batch).keys()];
const pictures = await model.embedImages(await Promise.all(rows.map((row) => data.pixels(row))));
const texts = await model.embedTexts(rows.map((row) => data.record(row).captions[0]!));
const images = await compare("images", pictures.flatMap((each) => [...each]), expected);
const captioned = await compare("texts", texts.flatMap((each) => [...each]), expected);
const embedded = peak();

const trained = model.towers.parameters.filter(({ name }) => !STATISTICS.test(name));
const parts = parameterGroups(trained, Number(values));
const found: { readonly name: string; readonly difference: number }[] = [];
let loss = 0;
for (const part of parts) {
  loss = await differentiate(model, part);
  for (const { name, shape } of part) {
    const tensor = model.parameters.get(name)!;
    const read = await tensor.read() as Float32Array;
    const gradient = shape.length === 0 ? read.map((value) => (value - FROM) / SHARE) : read;
    found.push({ name, difference: await compare(name, gradient, derived) });
    tensor.write(await weights.readFloat32(name));
  }
}
const lossDifference = await compare("loss", [loss], expected);
const worst = found.toSorted((a, b) => b.difference - a.difference);
console.log(
  `${folder}: embeddings of ${batch} pictures ${show(images)}, of texts ${show(captioned)}, loss ` +
    `${loss.toFixed(6)} ${show(lossDifference)}; ${found.length} gradients ${
      show(worst[0]!.difference)
    } (${worst[0]!.name}), in the middle ${
      show(worst[worst.length >> 1]!.difference)
    }; ${parts.length} parts; peak ${loaded} GB loaded, ${embedded} embedded, ${peak()} in all; ${
      ((performance.now() - started) / 1000).toFixed(0)
    } s`,
);
for (const fault of faults) console.log(`WRONG ${fault}`);
if (faults.length > 0) Deno.exitCode = 1;

async function compare(
  name: string,
  values: ArrayLike<number>,
  file: TensorFile,
): Promise<number> {
  const difference = relativeDifference(values, await file.readFloat32(name));
  if (!(difference <= TOLERANCE)) faults.push(`${name}: ${show(difference)}`);
  return difference;
}

/** The loss, and its gradient in the place of these parameters. */
async function differentiate(model: LoadedModel, part: readonly ParameterSpec[]): Promise<number> {
  await using trainer = await createTrainer(model, {
    data: captions({ path: `${photos}captions.csv` }),
    objectives: [
      isSigmoid
        ? objective("contrastive", singleCaption(), sigmoidContrastive())
        : objective("contrastive", singleCaption(), contrastive()),
    ],
    optimizer: gradients,
    trained: part.map(({ name }) => name),
    batch,
    chunk: batch,
  });
  return (await trainer.step(await trainer.nextBatch())).loss;
}

/** The most memory that this process had so far, in GB. */
function peak(): string {
  return (peakMemory() / 1e9).toFixed(2);
}

function show(difference: number): string {
  return difference.toExponential(1);
}
