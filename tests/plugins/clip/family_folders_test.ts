import { expect } from "expect";
import type { DataSet } from "../../../core/dataset.ts";
import type { Encoder } from "../../../core/evaluator.ts";
import { decodePicture } from "../../../core/host/images/decode.ts";
import { openSafetensors } from "../../../core/host/storage/safetensors.ts";
import type { TensorFile } from "../../../core/host/storage/tensor_file.ts";
import { STATISTICS } from "../../../core/nn/batch_norm.ts";
import type { LoadedModel } from "../../../plugins/app/models/loaded_model.ts";
import { createTrainer } from "../../../plugins/app/models/trainer.ts";
import { captionRetrieval } from "../../../plugins/benchmarks/retrieval/caption_retrieval.ts";
import { captions } from "../../../plugins/captions/captions.ts";
import { clip } from "../../../plugins/clip/clip.ts";
import { siglip } from "../../../plugins/clip/siglip.ts";
import clicVitb32 from "../../../recipes/clic_vitb32.ts";
import siglip2Vitb16 from "../../../recipes/siglip2_vitb16.ts";
import { relativeDifference } from "../../helpers/compare.ts";
import {
  copyFamily,
  expectedEmbeddings,
  familyItems,
  type FamilyName,
  familyNames,
  familySource,
  familyWeights,
  type Opened,
  openFamily,
  withFamilies,
} from "../../helpers/family_folders.ts";

const golden = new URL("../../golden/", import.meta.url).pathname;

const table = new URL("../../data/photos/captions.csv", import.meta.url).pathname;

async function expectEmbeddings(encoder: Encoder, name: FamilyName): Promise<void> {
  const expected = await openSafetensors(expectedEmbeddings(name));
  const texts = await encoder.texts(familyItems.texts);
  expect(relativeDifference(texts, await expected.readFloat32("texts"))).toBeLessThan(1e-4);
  const rasters = await Promise.all(
    familyItems.pictures.map((file) => decodePicture(`${golden}preprocess/${file}`)),
  );
  const images = await encoder.images(rasters.length, (i) => Promise.resolve(rasters[i]!));
  expect(relativeDifference(images, await expected.readFloat32("images"))).toBeLessThan(1e-4);
}

for (const name of familyNames) {
  Deno.test(`clip: the folder ${name} is embedded as its library does it, written back as it was, trained and evaluated`, () =>
    withFamilies(async (folder, opened) => {
      const weights = await copyFamily(name, folder);
      await using model = await openFamily(await familySource(weights), opened);
      await expectEmbeddings(model.encoder, name);
      const [kept, trained] = [`${folder}/kept`, `${folder}/trained`] as const;
      await model.save(kept);
      // Beside what it came with, a card.
      const files = (at: string) =>
        [...Deno.readDirSync(at)].map((each) => each.name).filter((each) => each !== "README.md")
          .toSorted();
      expect(files(kept)).toEqual(files(weights));
      for (const file of files(weights)) {
        if (file === familyWeights[name]) continue;
        expect([file, await Deno.readTextFile(`${kept}/${file}`)])
          .toEqual([file, await Deno.readTextFile(`${weights}/${file}`)]);
      }
      expect(await changedTensors(weights, kept, name)).toEqual([]);

      // With a bias the recipe for SigLIP; both towers, and so far that recalls are others.
      const { objectives, optimizer } = model.towers.logitBias === undefined
        ? clicVitb32
        : siglip2Vitb16;
      await using trainer = await createTrainer(model, {
        ...{ objectives, optimizer: optimizer.with({ lr: 1e-2 }), batch: 3, chunk: 3 },
        data: captions({ path: table }),
      });
      const { loss } = await trainer.step(await trainer.nextBatch());
      expect(loss).toBeGreaterThan(0);
      await model.save(trained);
      // All but the statistics of batch norms, and what no embedding depends on.
      const parameters = model.towers.parameters.map((each) => each.name);
      expect(await changedTensors(weights, trained, name))
        .toEqual(parameters.filter((each) => !STATISTICS.test(each)).toSorted());
      expect(await evaluated(trained, opened)).toEqual(await recalls(model, trainer.data));
    }));
}

/** The tensors of two folders that differ; names, types and shapes have to be the same. */
async function changedTensors(
  one: string,
  other: string,
  name: FamilyName,
): Promise<readonly string[]> {
  const [before, after] = await Promise.all(
    [one, other].map((at) => openSafetensors(`${at}/${familyWeights[name]}`)),
  ) as [TensorFile, TensorFile];
  expect(after.names.toSorted()).toEqual(before.names.toSorted());
  const changed: string[] = [];
  for (const tensor of before.names.toSorted()) {
    expect(after.info(tensor)).toEqual(before.info(tensor));
    const [a, b] = [await before.read(tensor), await after.read(tensor)];
    if (a.some((value: number | bigint, i: number) => value !== b[i])) changed.push(tensor);
  }
  return changed;
}

/** What evaluate finds of the photos with the model in a folder: see {@linkcode recalls}. */
async function evaluated(at: string, opened: Opened): Promise<readonly (number | undefined)[]> {
  await using model = await openFamily(await familySource(at), opened);
  const data = captions({ path: table });
  const [evaluation] = await captionRetrieval({ data, dataset: "photos" }).evaluate(
    model.encoder,
    model.context,
  );
  return ["image", "text"].map((what) => evaluation?.metrics[`${what}_retrieval_recall@1`]);
}

/** Shares of captions whose nearest picture is theirs, and of pictures whose nearest caption is. */
async function recalls(model: LoadedModel, data: DataSet): Promise<readonly number[]> {
  const places = [...new Array<undefined>(data.length).keys()];
  const captions = places.flatMap((place) =>
    data.record(place).captions.map((text) => ({ text, place }))
  );
  const pictures = await Promise.all(places.map((place) => data.pixels(place)));
  const { cosines } = await model.similarity(pictures, captions.map(({ text }) => text));
  const nearest = (values: readonly number[]) => values.indexOf(Math.max(...values));
  const found = captions.filter(({ place }, i) => nearest(cosines.map((row) => row[i]!)) === place);
  const told = places.filter((place) => captions[nearest([...cosines[place]!])]!.place === place);
  return [found.length / captions.length, told.length / places.length];
}

Deno.test("siglip: gives the bias of similarities; other weights are refused", () =>
  withFamilies(async (folder, { context }) => {
    const model = await siglip({ weights: await copyFamily("siglip", folder) }).load(context);
    expect(model.logitBias).toBe("logit_bias");
    const scalars = model.parameters.filter(({ shape }) => shape.length === 0);
    expect(scalars).toEqual([
      { name: "logit_scale", shape: [], part: "logit_scale" },
      { name: "logit_bias", shape: [], part: "logit_bias" },
    ]);
    expect(Math.exp((await model.read()).get("logit_scale")!.data[0]!)).toBeGreaterThan(0);
    await expect(siglip({ weights: await copyFamily("clips", folder) }).load(context))
      .rejects.toThrow("siglip.weights: expected weights with a bias of similarities");
  }));

Deno.test("clip: a tokenizer that is neither beside the weights nor at hand is asked for", () =>
  withFamilies(async (folder, { context }) => {
    const weights = await copyFamily("siglip", folder);
    await Deno.remove(`${weights}/tokenizer.json`);
    await expect(clip({ weights }).load(context)).rejects.toThrow(
      `${weights}: expected the tokenizer of these weights beside them (tokenizer.json and ` +
        "tokenizer_config.json), found none",
    );
  }));

Deno.test("clip: weights of a family that are not what is expected are refused", () =>
  withFamilies(async (folder, { context }) => {
    const weights = await copyFamily("clips", folder);
    await expect(clip({ weights, architecture: "ViT-L-14-CLIPS-224" }).load(context))
      .rejects.toThrow(
        `clip.architecture: ${weights} is no ViT-L-14-CLIPS-224: by its configuration`,
      );
    await expect(clip({ weights, context: 8 }).load(context)).rejects.toThrow("clip.context: ");
    await expect(clip({ weights, activation: "gelu" }).load(context))
      .rejects.toThrow("clip.activation: ");
    // A configuration of another tower is told by the tensor that is not there.
    const config = JSON.parse(await Deno.readTextFile(`${weights}/open_clip_config.json`));
    delete config.model_cfg.vision_cfg.no_ln_pre;
    await Deno.writeTextFile(`${weights}/open_clip_config.json`, JSON.stringify(config));
    const model = await clip({ weights }).load(context);
    await expect(model.read()).rejects.toThrow('expected a tensor "visual.ln_pre.weight"');
  }));

Deno.test("clip: tensors of a family under a prefix are read and written back", () =>
  withFamilies(async (folder, opened, log) => {
    const { writeSafetensors } = await import("../../../core/host/storage/safetensors_writer.ts");
    const weights = await copyFamily("clips", folder);
    const file = await openSafetensors(`${golden}family_folders/clips/${familyWeights.clips}`);
    await writeSafetensors(
      `${weights}/${familyWeights.clips}`,
      file.names.map((name) => ({
        ...file.info(name),
        name: `model.${name}`,
        data: () => file.read(name),
      })),
      {},
    );
    await using model = await openFamily(clip({ weights }), opened);
    expect(log.join()).toContain('begin with "model."');
    await expectEmbeddings(model.encoder, "clips");
    await model.save(`${folder}/out`);
    const again = await openSafetensors(`${folder}/out/${familyWeights.clips}`);
    expect(again.names).toContain("model.logit_scale");
  }));
