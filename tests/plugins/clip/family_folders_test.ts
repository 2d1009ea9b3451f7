import { expect } from "expect";
import type { Context } from "../../../core/context.ts";
import { createAssets } from "../../../core/host/assets/create_assets.ts";
import { openDevice } from "../../../core/host/devices/open_device.ts";
import { decodeImage } from "../../../core/host/images/decode.ts";
import { createImagePool } from "../../../core/host/images/pool.ts";
import { openSafetensors } from "../../../core/host/storage/safetensors.ts";
import { uploadParameters } from "../../../core/towers/device_parameters.ts";
import { createEncoder } from "../../../core/towers/encoder.ts";
import type { DualEncoder } from "../../../core/model.ts";
import { clip } from "../../../plugins/clip/clip.ts";
import { siglip } from "../../../plugins/clip/siglip.ts";
import { relativeDifference } from "../../helpers/compare.ts";
import { withFolder } from "../../helpers/with_folder.ts";

// Small models in their usual layouts, and what their libraries make of texts and pictures
// (tests/golden/README.md).
const golden = new URL("../../golden/", import.meta.url).pathname;
const items = JSON.parse(Deno.readTextFileSync(`${golden}family_folders/items.json`)) as {
  readonly texts: readonly string[];
  readonly pictures: readonly string[];
};

/** Folders, and the file that holds the weights of each. */
const folders = {
  clipa: "open_clip_model.safetensors",
  clips: "open_clip_model.safetensors",
  worldwide: "open_clip_model.safetensors",
  roberta: "open_clip_model.safetensors",
  siglip: "model.safetensors",
} as const;

/** A copy of a folder without what is expected of it. */
async function copyOf(name: keyof typeof folders, to: string): Promise<string> {
  await Deno.mkdir(`${to}/${name}`);
  for await (const file of Deno.readDir(`${golden}family_folders/${name}`)) {
    if (file.name === "expected.safetensors") continue;
    await Deno.copyFile(
      `${golden}family_folders/${name}/${file.name}`,
      `${to}/${name}/${file.name}`,
    );
  }
  return `${to}/${name}`;
}

async function withContext(
  work: (folder: string, context: Context, log: readonly string[]) => Promise<void>,
): Promise<void> {
  await withFolder(async (folder) => {
    using images = createImagePool({ workers: 0 });
    const log: string[] = [];
    const assets = createAssets({ cache: `${folder}/.cache`, offline: true });
    await work(folder, { assets, images, log: (line) => log.push(line) }, log);
  });
}

async function expectEmbeddings(model: DualEncoder, name: keyof typeof folders): Promise<void> {
  const device = await openDevice("cpu");
  const parameters = await uploadParameters(device, model);
  const encoder = createEncoder({ device, model, parameters, chunk: 3 });
  const expected = await openSafetensors(`${golden}family_folders/${name}/expected.safetensors`);
  const texts = await encoder.texts(items.texts);
  expect(relativeDifference(texts, await expected.readFloat32("texts"))).toBeLessThan(1e-4);
  const rasters = await Promise.all(
    items.pictures.map((file) => decodeImage(`${golden}preprocess/${file}`)),
  );
  const images = await encoder.images(rasters.length, (i) => Promise.resolve(rasters[i]!));
  expect(relativeDifference(images, await expected.readFloat32("images"))).toBeLessThan(1e-4);
  for (const tensor of parameters.values()) tensor.dispose();
  await device.dispose();
}

for (const name of Object.keys(folders) as (keyof typeof folders)[]) {
  Deno.test(`clip: the folder ${name} is embedded as its library does it, and written back as it was`, () =>
    withContext(async (folder, context) => {
      const weights = await copyOf(name, folder);
      const model = await clip({ weights }).load(context);
      await expectEmbeddings(model, name);
      await model.write(`${folder}/out`, await model.read());
      const names = (at: string) => [...Deno.readDirSync(at)].map((each) => each.name).toSorted();
      expect(names(`${folder}/out`)).toEqual(names(weights));
      for (const file of names(weights)) {
        if (file === folders[name]) continue;
        expect([file, await Deno.readTextFile(`${folder}/out/${file}`)])
          .toEqual([file, await Deno.readTextFile(`${weights}/${file}`)]);
      }
      const [before, after] = await Promise.all(
        [weights, `${folder}/out`].map((at) => openSafetensors(`${at}/${folders[name]}`)),
      );
      expect(after!.names.toSorted()).toEqual(before!.names.toSorted());
      for (const tensor of before!.names) {
        expect(after!.info(tensor)).toEqual(before!.info(tensor));
        expect(await after!.read(tensor)).toEqual(await before!.read(tensor));
      }
    }));
}

Deno.test("siglip: gives the bias of similarities; other weights are refused", () =>
  withContext(async (folder, context) => {
    const model = await siglip({ weights: await copyOf("siglip", folder) }).load(context);
    expect(model.logitBias).toBe("logit_bias");
    const scalars = model.parameters.filter(({ shape }) => shape.length === 0);
    expect(scalars).toEqual([
      { name: "logit_scale", shape: [], part: "logit_scale" },
      { name: "logit_bias", shape: [], part: "logit_bias" },
    ]);
    expect(Math.exp((await model.read()).get("logit_scale")!.data[0]!)).toBeGreaterThan(0);
    await expect(siglip({ weights: await copyOf("clips", folder) }).load(context))
      .rejects.toThrow("siglip.weights: expected weights with a bias of similarities");
  }));

Deno.test("clip: a tokenizer that is neither beside the weights nor at hand is asked for", () =>
  withContext(async (folder, context) => {
    const weights = await copyOf("siglip", folder);
    await Deno.remove(`${weights}/tokenizer.json`);
    await expect(clip({ weights }).load(context)).rejects.toThrow(
      `${weights}: expected the tokenizer of these weights beside them (tokenizer.json and ` +
        "tokenizer_config.json), found none",
    );
  }));

Deno.test("clip: weights of a family that are not what is expected are refused", () =>
  withContext(async (folder, context) => {
    const weights = await copyOf("clips", folder);
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
  withContext(async (folder, context, log) => {
    const { writeSafetensors } = await import("../../../core/host/storage/safetensors_writer.ts");
    const weights = await copyOf("clips", folder);
    const file = await openSafetensors(`${golden}family_folders/clips/${folders.clips}`);
    await writeSafetensors(
      `${weights}/${folders.clips}`,
      file.names.map((name) => ({
        ...file.info(name),
        name: `model.${name}`,
        data: () => file.read(name),
      })),
      {},
    );
    const model = await clip({ weights }).load(context);
    expect(log.join()).toContain('begin with "model."');
    await expectEmbeddings(model, "clips");
    await model.write(`${folder}/out`, await model.read());
    const again = await openSafetensors(`${folder}/out/${folders.clips}`);
    expect(again.names).toContain("model.logit_scale");
  }));
